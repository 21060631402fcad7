import { useState } from 'preact/hooks';
import { request } from '../account/api.js';
import { fieldProblem } from '../account/problem.js';
import { currentPath, hrefOf } from '../app/address.js';
import { Link } from '../app/link.js';
import { useTexts } from '../texts/index.js';
import { Field } from '../ui/field.js';
import { Form } from './form.js';
import { PasswordField } from './password-field.js';

/** The code of the mail, when its link has led here. It is taken out of the address, which others may see. */
function codeOfAddress(): string {
  const code = new URLSearchParams(location.search).get('token') ?? '';
  if (code !== '') history.replaceState(null, '', hrefOf(currentPath()));
  return code;
}

export function Reset() {
  const texts = useTexts();
  const [code] = useState(codeOfAddress);
  const [isDone, setDone] = useState(false);
  if (isDone) {
    return (
      <div class="form">
        <h1>{texts.resetTitle}</h1>
        <p class="notice" role="status">
          {texts.passwordChanged}
        </p>
        <Link class="button" to="login">
          {texts.signIn}
        </Link>
      </div>
    );
  }
  return (
    <Form
      title={texts.resetTitle}
      action={texts.save}
      submit={async ({ token = '', password = '' }) => {
        await request('POST', 'password/reset', { token: token.trim(), password });
        setDone(true);
      }}
      footer={<Link to="forgot">{texts.forgotPassword}</Link>}
    >
      {(error) => (
        <>
          <Field
            label={texts.mailCode}
            problem={fieldProblem(error, 'token')}
            name="token"
            defaultValue={code}
            autocomplete="one-time-code"
            autocapitalize="none"
            spellcheck={false}
            required
          />
          <PasswordField label={texts.newPassword} isNew problem={fieldProblem(error, 'password')} />
        </>
      )}
    </Form>
  );
}
