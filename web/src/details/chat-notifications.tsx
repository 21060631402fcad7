import type { ShownChat } from 'messenger-client';
import { useChatHandle } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { Segmented } from '../ui/segmented.js';

/** Of which messages of the chat the user wants to be told. */
export function ChatNotifications({ info }: { readonly info: ShownChat }) {
  const chat = useChatHandle(info.id);
  const { noticeLevel, noticeLevels } = useTexts();
  const options = (['default', 'all', 'mentions', 'none'] as const).map((value) => {
    return { value, label: noticeLevels[value] };
  });
  return (
    <section class="section form" aria-label={noticeLevel}>
      <Segmented
        label={noticeLevel}
        options={options}
        value={info.notifications}
        onChange={(notifications) => chat.settings({ notifications })}
      />
    </section>
  );
}
