import { useClient } from '../app/account-context.js';
import { ReportDialog } from '../moderation/report-dialog.js';
import { useTexts } from '../texts/index.js';
import { ChooseTime } from '../conversation/choose-time.js';
import { Forward } from './forward.js';
import { MessageInfo } from './message-info.js';
import { NewOption } from './new-option.js';
import { Voters } from './voters.js';
import type { ServedPoll } from '../conversation/poll.js';

export type RowDialogName = 'info' | 'forward' | 'report' | 'pin' | 'option' | 'voters';

interface Props {
  readonly name: RowDialogName;
  readonly messageId: number;
  readonly poll: ServedPoll | undefined;
  readonly onFailure: (error: unknown) => void;
  readonly onClose: () => void;
}

/** What is asked or shown about a message, above everything else. */
export function RowDialog({ name, messageId, poll, onFailure, onClose }: Props) {
  const client = useClient();
  const texts = useTexts();
  const about = { messageId, onClose };
  const pin = (until: Date) => {
    const given = { path: { message_id: messageId }, body: { until: until.toISOString() } };
    client.ask('PUT', '/message/{message_id}/pin', given).catch(onFailure);
  };
  switch (name) {
    case 'info':
      return <MessageInfo {...about} />;
    case 'forward':
      return <Forward {...about} onFailure={onFailure} />;
    case 'report':
      return <ReportDialog about={{ message_id: messageId }} onClose={onClose} />;
    case 'pin':
      return <ChooseTime label={texts.pinUntil} onChoose={pin} onClose={onClose} />;
    case 'option':
      return <NewOption {...about} />;
    case 'voters':
      return <Voters {...about} poll={poll} />;
  }
}
