import { useState } from 'preact/hooks';
import { request } from '../account/api.js';
import { Link } from '../app/link.js';
import { useTexts } from '../texts/index.js';
import { EmailField } from './email-field.js';
import { Form } from './form.js';

export function Forgotten() {
  const texts = useTexts();
  const [isSent, setSent] = useState(false);
  return (
    <Form
      title={texts.forgotTitle}
      action={texts.sendMail}
      submit={async ({ email = '' }) => {
        setSent(false);
        await request('POST', 'password/forgot', { email: email.trim() });
        setSent(true);
      }}
      footer={
        <>
          <Link to="reset">{texts.enterCode}</Link>
          <Link to="login">{texts.signIn}</Link>
        </>
      }
    >
      {(error) => (
        <>
          <p>{texts.forgotText}</p>
          <EmailField error={error} />
          <div role="status">{isSent && <p class="notice">{texts.mailSent}</p>}</div>
        </>
      )}
    </Form>
  );
}
