import { useEffect } from 'preact/hooks';
import { useView } from '../app/use-view.js';
import { usePath } from '../app/address.js';
import { account } from '../account/account.js';
import { useTexts } from '../texts/index.js';
import { LanguageChoice } from '../settings/language-choice.js';
import { keptInvite, openedInvite } from '../invites/invite-address.js';
import icon from '../icon.svg';
import { Forgotten } from './forgotten.js';
import { Reset } from './reset.js';
import { SignIn } from './sign-in.js';
import { SignUp } from './sign-up.js';

/** What one sees who is not signed in. */
export function Entrance() {
  const path = usePath();
  const texts = useTexts();
  const wasSignedIn = useView(account) !== undefined;
  const invite = openedInvite();
  useEffect(() => {
    if (invite !== undefined) keptInvite.write(invite);
  }, [invite]);
  return (
    <div class="entrance">
      <main class="entrance-card">
        <p class="entrance-name">
          <img src={icon} alt="" width={32} height={32} /> {texts.messenger}
        </p>
        {path === 'register' ? (
          <SignUp />
        ) : path === 'forgot' ? (
          <Forgotten />
        ) : path === 'reset' ? (
          <Reset />
        ) : (
          <SignIn notice={wasSignedIn ? texts.signedOut : invite === undefined ? undefined : texts.invited} />
        )}
      </main>
      <footer class="entrance-footer">
        <LanguageChoice />
      </footer>
    </div>
  );
}
