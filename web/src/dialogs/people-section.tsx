import type { ShortUser } from 'messenger-client';
import { Avatar } from '../ui/avatar.js';

/** Some people under a title; nothing when there are none. */
export function PeopleSection({ title, people }: { readonly title: string; readonly people: readonly ShortUser[] }) {
  if (people.length === 0) return null;
  return (
    <section class="section" aria-label={title}>
      <h3 class="section-title">
        <bdi>{title}</bdi>
      </h3>
      <ul class="targets">
        {people.map(({ id, name, avatar_url }) => (
          <li key={id}>
            <Avatar id={id} name={name} url={avatar_url} />
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
