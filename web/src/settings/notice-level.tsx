import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Problem } from '../ui/problem.js';
import { Segmented } from '../ui/segmented.js';
import { useTasks } from '../ui/use-tasks.js';

/** Of which messages the user wants to be told, on all devices, in chats that say nothing else. */
export function NoticeLevel() {
  const client = useClient();
  const me = useView(client.me);
  const { noticeLevel, noticeLevels } = useTexts();
  const { error, run } = useTasks();
  const options = (['all', 'mentions', 'none'] as const).map((value) => ({ value, label: noticeLevels[value] }));
  return (
    <section class="section form" aria-label={noticeLevel}>
      <Segmented
        label={noticeLevel}
        options={options}
        value={me?.notifications ?? 'all'}
        onChange={(notifications) => run(undefined, () => client.ask('PATCH', '/user/me', { body: { notifications } }))}
      />
      <Problem error={error} />
    </section>
  );
}
