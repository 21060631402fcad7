import type { ShortUser } from 'messenger-client';
import { useTexts } from '../texts/index.js';
import { PersonNames } from '../people/person-names.js';

interface Props {
  readonly id: string;
  readonly users: readonly ShortUser[];
  readonly chosen: number;
  readonly onChoose: (user: ShortUser) => void;
}

/** Whom one may mean by what is written after an @. The focus stays where one writes. */
export function Suggestions({ id, users, chosen, onChoose }: Props) {
  const texts = useTexts();
  return (
    <>
      <ul class="suggestions" id={id} role="listbox" aria-label={texts.membersTitle}>
        {users.map((user, place) => (
          <li
            key={user.id}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === chosen}
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(user);
            }}
          >
            <PersonNames person={user} />
          </li>
        ))}
      </ul>
      <p class="hidden" role="status">
        {texts.suggested(users.length)}
      </p>
    </>
  );
}
