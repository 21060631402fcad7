import { createGroup, type ShortUser } from 'messenger-client';
import { useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { go } from '../app/address.js';
import { Link } from '../app/link.js';
import { once } from '../app/once.js';
import { arePublicGroupsOn } from '../app/server-settings.js';
import { useTexts } from '../texts/index.js';
import { Field } from '../ui/field.js';
import { PanelHead } from '../ui/panel-head.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { openPrivate } from './open-private.js';
import { PeoplePicker } from './people-picker.js';

const NAMED = 3;

/** Finds somebody to write to, or several for a group. */
export function NewChat() {
  const client = useClient();
  const texts = useTexts();
  const [chosen, setChosen] = useState<readonly ShortUser[]>([]);
  const [name, setName] = useState<string>();
  const { isBusy, error, run } = useTask();
  const proposed = chosen
    .slice(0, NAMED)
    .map((person) => person.name.split(' ')[0])
    .join(', ');

  const open = (person: ShortUser) =>
    run(async () => go(`c/${await openPrivate(client, person.id)}`, { isInPlace: true }));
  const create = (event: Event) => {
    event.preventDefault();
    run(async () => {
      const title = (name ?? proposed).trim() || proposed;
      const ids = chosen.map((person) => person.id);
      const { id } = await once({ title, ids }, (clientId) => createGroup(client, title, ids, clientId));
      go(`c/${id}`, { isInPlace: true });
    });
  };

  return (
    <div class="panel">
      <PanelHead title={texts.newChat} />
      <div class="panel-body">
        {arePublicGroupsOn && (
          <Link class="wide-button" to="groups">
            {texts.publicGroups}
          </Link>
        )}
        <p class="hint">{texts.findPeopleText}</p>
        <Problem error={error} />
        {chosen.length > 0 && (
          <form class="form" onSubmit={create}>
            <Field
              label={texts.groupName}
              value={name ?? proposed}
              maxLength={255}
              dir="auto"
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <button type="submit" class="button" aria-disabled={isBusy}>
              {texts.createGroup}
            </button>
          </form>
        )}
        <PeoplePicker chosen={chosen} onChosen={setChosen} onOpen={open} />
      </div>
    </div>
  );
}
