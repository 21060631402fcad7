import type { ShortUser } from 'messenger-client';
import { useState } from 'preact/hooks';
import { useAccount } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { Icon } from '../ui/icon.js';
import { Problem } from '../ui/problem.js';
import { SearchField } from '../ui/search-field.js';
import { PersonNames } from './person-names.js';
import { useSearch } from './use-search.js';

interface Props {
  readonly chosen: readonly ShortUser[];
  readonly onChosen: (people: readonly ShortUser[]) => void;
  /** What a press on a name does; without it, it chooses them. */
  readonly onOpen?: ((person: ShortUser) => void) | undefined;
}

/** Finds people as one types, and chooses some of them. */
export function PeoplePicker({ chosen, onChosen, onOpen }: Props) {
  const texts = useTexts();
  const { userId } = useAccount();
  const [text, setText] = useState('');
  const { users, isDone, error } = useSearch(text);
  const shown = users.filter(({ id }) => String(id) !== userId);
  const isChosen = (person: ShortUser) => chosen.some(({ id }) => id === person.id);
  const toggle = (person: ShortUser) =>
    onChosen(isChosen(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person]);

  return (
    <>
      {chosen.length > 0 && (
        <ul class="chips" aria-label={texts.chosen(chosen.length)}>
          {chosen.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                class="chip"
                aria-label={texts.removeMember(person.name)}
                onClick={() => toggle(person)}
              >
                <bdi>{person.name}</bdi> <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <SearchField
        label={texts.findPeople}
        autocapitalize="none"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onText={setText}
        onKeyDown={(event) => {
          const [first] = shown;
          if (event.key !== 'Enter' || !first || !isDone) return;
          if (onOpen && chosen.length === 0) onOpen(first);
          else {
            toggle(first);
            setText('');
          }
        }}
      />
      <Problem error={error} />
      <ul class="people">
        {shown.map((person) => (
          <li key={person.id} class="person">
            <button
              type="button"
              class="person-open"
              onClick={() => (onOpen && chosen.length === 0 ? onOpen(person) : toggle(person))}
            >
              <PersonNames person={person} />
            </button>
            <label class="person-choose">
              <input
                type="checkbox"
                aria-label={texts.choose(person.name)}
                checked={isChosen(person)}
                onChange={() => toggle(person)}
              />
            </label>
          </li>
        ))}
      </ul>
      <div role="status">
        {isDone && shown.length === 0 && error === undefined && <p class="hint">{texts.nobodyFound}</p>}
      </div>
    </>
  );
}
