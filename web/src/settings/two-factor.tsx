import { useState } from 'preact/hooks';
import { keepToken, ask, type AccessToken } from '../account/tokens.js';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Field } from '../ui/field.js';
import { formValues } from '../ui/form-values.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

interface Setup {
  readonly secret: string;
  readonly qr_code: string;
}

type Step =
  | { readonly name: 'rest' | 'password' | 'off' }
  | { readonly name: 'scan'; readonly setup: Setup }
  | { readonly name: 'codes'; readonly codes: readonly string[] };

/** A second factor: off, on, and the way from one to the other. */
export function TwoFactor() {
  const texts = useTexts();
  const isOn = useView(useClient().me)?.two_factor === true;
  const [step, setStep] = useState<Step>({ name: 'rest' });
  const { isBusy, error, run } = useTask();

  const submit = (event: SubmitEvent) => {
    const { password = '', code: typed = '' } = formValues(event);
    const code = typed.trim();
    run(async () => {
      if (step.name === 'password') {
        setStep({ name: 'scan', setup: await ask<Setup>('POST', 'user/two-factor', { password }) });
      } else if (step.name === 'scan') {
        const answer = await ask<AccessToken & { recovery_codes: readonly string[] }>(
          'POST',
          'user/two-factor/confirm',
          { code },
        );
        keepToken(answer);
        setStep({ name: 'codes', codes: answer.recovery_codes });
      } else {
        await ask('POST', 'user/two-factor/remove', { password, code });
        setStep({ name: 'rest' });
      }
    });
  };

  const password = (
    <Field label={texts.password} name="password" type="password" autocomplete="current-password" required />
  );
  const code = <Field label={texts.code} name="code" autocomplete="one-time-code" autocapitalize="none" required />;
  return (
    <section class="section form" aria-label={texts.security}>
      <h2>{texts.security}</h2>
      <p class="secondary">{isOn ? texts.twoFactorOn : texts.twoFactorOff}</p>
      {step.name === 'rest' && (
        <p class="buttons">
          <button type="button" class="button" onClick={() => setStep({ name: isOn ? 'off' : 'password' })}>
            {isOn ? texts.turnOff : texts.turnOn}
          </button>
        </p>
      )}
      {step.name === 'codes' && (
        <>
          <p>{texts.recoveryCodes}</p>
          <ul class="codes" dir="ltr">
            {step.codes.map((each) => (
              <li key={each}>
                <code>{each}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {step.name !== 'rest' && step.name !== 'codes' && (
        <form key={step.name} class="form" onSubmit={submit}>
          {step.name === 'scan' && (
            <>
              <p>{texts.scan}</p>
              <img class="qr" src={step.setup.qr_code} alt={texts.qrCode} />
              <p dir="ltr">
                <code>{step.setup.secret}</code>
              </p>
            </>
          )}
          {step.name !== 'scan' && password}
          {step.name !== 'password' && code}
          <Problem error={error} />
          <p class="buttons">
            <button type="button" class="button button-quiet" onClick={() => setStep({ name: 'rest' })}>
              {texts.cancel}
            </button>
            <button type="submit" class="button" aria-disabled={isBusy}>
              {texts.confirm}
            </button>
          </p>
        </form>
      )}
    </section>
  );
}
