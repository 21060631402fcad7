import { signUp } from '../account/account.js';
import { fieldProblem } from '../account/problem.js';
import { Link } from '../app/link.js';
import { useTexts } from '../texts/index.js';
import { Field } from '../ui/field.js';
import { EmailField } from './email-field.js';
import { Form } from './form.js';
import { PasswordField } from './password-field.js';
import { leaveEntrance } from './leave-entrance.js';

export function SignUp() {
  const texts = useTexts();
  return (
    <Form
      title={texts.signUpTitle}
      action={texts.signUp}
      submit={async ({ username = '', email = '', password = '' }) => {
        await signUp({ username: username.trim(), email: email.trim(), password });
        leaveEntrance();
      }}
      footer={
        <p>
          {texts.hasAccount} <Link to="login">{texts.signIn}</Link>
        </p>
      }
    >
      {(error) => (
        <>
          <Field
            label={texts.username}
            hint={texts.usernameHint}
            problem={fieldProblem(error, 'username')}
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
          />
          <EmailField error={error} />
          <PasswordField label={texts.password} isNew problem={fieldProblem(error, 'password')} />
        </>
      )}
    </Form>
  );
}
