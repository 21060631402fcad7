import { newClientId, type FolderList } from 'messenger-client';
import { useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Field } from '../ui/field.js';
import { Menu } from '../ui/menu.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

const NOTHING: FolderList = { version: 0, folders: [] };

/** The folders of the chats: a new one, and fewer. */
export function Folders() {
  const client = useClient();
  const texts = useTexts();
  const { version, folders } = useView(client.own)?.folders ?? NOTHING;
  const [name, setName] = useState('');
  const { isBusy, error, run } = useTask();
  const set = (after: FolderList['folders']) =>
    client.ask('PUT', '/user/folders', { body: { folders: after, if_version: version } });
  const add = (event: Event) => {
    event.preventDefault();
    if (name.trim() === '') return;
    const folder = { id: newClientId(), name: name.trim(), chat_ids: [], includes: 'nothing' as const };
    run(async () => {
      await set([...folders, { ...folder, unread_only: false }]);
      setName('');
    });
  };
  return (
    <section class="section" aria-label={texts.folders}>
      <h2>{texts.folders}</h2>
      <ul class="people">
        {folders.map((folder) => (
          <li key={folder.id} class="person">
            <bdi class="person-name">{folder.name}</bdi>
            <Menu
              label={`${texts.more}: ${folder.name}`}
              items={[
                {
                  ...{ label: texts.remove, isDanger: true, question: texts.removeFolder },
                  onChoose: () => run(() => set(folders.filter(({ id }) => id !== folder.id))),
                },
              ]}
            />
          </li>
        ))}
      </ul>
      <form class="form" onSubmit={add}>
        <Field
          label={texts.newFolder}
          value={name}
          maxLength={64}
          dir="auto"
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="button" aria-disabled={isBusy}>
          {texts.add}
        </button>
        <Problem error={error} />
      </form>
    </section>
  );
}
