import { signOut } from '../account/account.js';
import { useClient } from '../app/account-context.js';
import { Link } from '../app/link.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { PanelHead } from '../ui/panel-head.js';
import { useTask } from '../ui/use-task.js';
import { Appearance } from './appearance.js';
import { Blocked } from './blocked.js';
import { Folders } from './folders.js';
import { NoticeLevel } from './notice-level.js';
import { Profile } from './profile.js';
import { ReceiptChoice } from './receipts.js';
import { Sessions } from './sessions.js';
import { TwoFactor } from './two-factor.js';

export function Settings() {
  const texts = useTexts();
  const me = useView(useClient().me);
  const { isBusy, run } = useTask();
  return (
    <div class="panel">
      <PanelHead title={texts.settings} />
      <div class="panel-body">
        <Profile />
        <Appearance />
        <NoticeLevel />
        <ReceiptChoice />
        <Folders />
        <TwoFactor />
        <Sessions />
        <Blocked />
        {me?.role === 'admin' && (
          <Link class="wide-button" to="moderation">
            {texts.reports}
          </Link>
        )}
        <button type="button" class="wide-button danger" aria-disabled={isBusy} onClick={() => run(signOut)}>
          {texts.signOut}
        </button>
      </div>
    </div>
  );
}
