import type { ShortUser } from 'messenger-client';
import { Avatar } from '../ui/avatar.js';

/** The picture and the names of somebody, as a row of a list begins. */
export function PersonNames({
  person,
  isOnline,
}: {
  readonly person: Pick<ShortUser, 'id' | 'name' | 'username' | 'avatar_url'>;
  readonly isOnline?: boolean;
}) {
  return (
    <>
      <Avatar id={person.id} name={person.name} url={person.avatar_url} isOnline={isOnline} />
      <span>
        <bdi class="person-name">{person.name}</bdi>
        <span class="person-username" dir="ltr">
          @{person.username}
        </span>
      </span>
    </>
  );
}
