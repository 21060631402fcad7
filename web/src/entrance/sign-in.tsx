import { MessengerError } from 'messenger-client';
import { useState } from 'preact/hooks';
import { signIn, type Credentials } from '../account/account.js';
import { Link } from '../app/link.js';
import { useTexts } from '../texts/index.js';
import { Field } from '../ui/field.js';
import { DemoPeople } from './demo-people.js';
import { Form } from './form.js';
import { leaveEntrance } from './leave-entrance.js';
import { PasswordField } from './password-field.js';

export function SignIn({ notice }: { readonly notice: string | undefined }) {
  const texts = useTexts();
  /** Set when they are right, and a code is needed as well. */
  const [credentials, setCredentials] = useState<Credentials>();

  const enter = async (given: Credentials) => {
    try {
      await signIn(given);
      leaveEntrance();
    } catch (error) {
      if (!(error instanceof MessengerError) || error.code !== 'SECOND_FACTOR_REQUIRED') throw error;
      setCredentials(given);
    }
  };

  if (credentials) {
    return (
      <Form
        key="code"
        title={texts.codeTitle}
        action={texts.signIn}
        submit={({ code = '' }) => enter({ ...credentials, code: code.trim() })}
        footer={
          <button type="button" class="text-button" onClick={() => setCredentials(undefined)}>
            {texts.back}
          </button>
        }
      >
        {() => (
          <Field
            label={texts.code}
            hint={texts.codeHint}
            name="code"
            autocomplete="one-time-code"
            autocapitalize="none"
            required
          />
        )}
      </Form>
    );
  }
  return (
    <Form
      key="password"
      title={texts.signInTitle}
      action={texts.signIn}
      submit={({ usernameOrEmail = '', password = '' }) => enter({ usernameOrEmail: usernameOrEmail.trim(), password })}
      footer={
        <>
          <Link to="forgot">{texts.forgotPassword}</Link>
          <p>
            {texts.noAccount} <Link to="register">{texts.signUp}</Link>
          </p>
          <DemoPeople />
        </>
      }
    >
      {() => (
        <>
          {notice !== undefined && <p class="notice">{notice}</p>}
          <Field
            label={texts.usernameOrEmail}
            name="usernameOrEmail"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            dir="auto"
            required
          />
          <PasswordField label={texts.password} />
        </>
      )}
    </Form>
  );
}
