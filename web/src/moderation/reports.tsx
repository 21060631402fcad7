import { useCallback, useEffect, useState } from 'preact/hooks';
import { useAccount } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { fullTime } from '../texts/times.js';
import { Field } from '../ui/field.js';
import { formValues } from '../ui/form-values.js';
import { PanelHead } from '../ui/panel-head.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { LengthChoice, untilOf, type Length } from './until.js';

const ACTIONS = ['dismiss', 'delete', 'restrict', 'shadow', 'ban', 'escalate'] as const;
type Action = (typeof ACTIONS)[number];

/** Those that may end by themselves. */
const WITH_END: readonly Action[] = ['restrict', 'shadow', 'ban'];

/** What can be done about each kind. */
const ACTIONS_ON: Readonly<Record<string, readonly Action[]>> = {
  message: ACTIONS,
  user: ['dismiss', 'ban', 'escalate'],
};

interface Report {
  readonly id: number;
  readonly created_at: string;
  readonly kind: string;
  readonly reporter: { readonly name: string } | null;
  readonly author: { readonly name: string } | null;
  readonly reason: string;
  readonly text: string | null;
  readonly evidence: { readonly versions: readonly { readonly contents: string; readonly at: string }[] } | null;
  readonly claimed_by: { readonly type: string; readonly id: number } | null;
}

interface ItemProps {
  readonly report: Report;
  readonly onChange: () => Promise<void>;
}

/** What admins do about a report that they have taken on. */
function Decision({ report, onChange }: ItemProps) {
  const { client } = useAccount();
  const texts = useTexts();
  const [action, setAction] = useState<Action>('dismiss');
  const [length, setLength] = useState<Length>('day');
  const { isBusy, error, run } = useTask();
  const actions = ACTIONS_ON[report.kind] ?? ['dismiss', 'escalate'];
  const send = (event: SubmitEvent) => {
    const { reason = '' } = formValues(event);
    const ends = WITH_END.includes(action) ? untilOf(length) : {};
    run(async () => {
      const path = { report_id: report.id };
      await client.ask('POST', '/admin/reports/{report_id}/resolve', { path, body: { action, reason, ...ends } });
      await onChange();
    });
  };
  return (
    <form class="form" onSubmit={send}>
      <fieldset class="choices">
        <legend>{texts.whatToDo}</legend>
        {actions.map((each) => (
          <label key={each}>
            <input type="radio" name="action" checked={each === action} onChange={() => setAction(each)} />
            <span>{texts.reportActions[each]}</span>
          </label>
        ))}
      </fieldset>
      {WITH_END.includes(action) && <LengthChoice value={length} onChange={setLength} />}
      <Field label={texts.reason} name="reason" maxLength={500} dir="auto" required />
      <Problem error={error} />
      <button type="submit" class="button" aria-disabled={isBusy}>
        {texts.resolveReport}
      </button>
    </form>
  );
}

function Item({ report, onChange }: ItemProps) {
  const { client, userId } = useAccount();
  const texts = useTexts();
  const { error, run } = useTask();
  const { author, reporter, evidence, text, claimed_by: claimant } = report;
  const words: Readonly<Record<string, string>> = texts.reportReasons;
  const isMine = claimant?.type === 'user' && String(claimant.id) === userId;
  const claim = () =>
    run(async () => {
      await client.ask('POST', '/admin/reports/{report_id}/claim', { path: { report_id: report.id } });
      await onChange();
    });
  return (
    <li class="section">
      <h2>{words[report.reason] ?? report.reason}</h2>
      <p class="secondary">
        <bdi>{texts.reportOf(author?.name ?? texts.aGroup, reporter?.name ?? texts.somebody)}</bdi>{' '}
        <time dateTime={report.created_at}>{fullTime(report.created_at)}</time>
      </p>
      {evidence?.versions.map(({ contents, at }) => (
        <blockquote key={at} class="evidence" dir="auto">
          {contents}
        </blockquote>
      ))}
      {text !== null && <p dir="auto">{text}</p>}
      <Problem error={error} />
      {isMine && <Decision report={report} onChange={onChange} />}
      {!isMine && claimant && <p class="secondary">{texts.claimedByOther}</p>}
      {!claimant && (
        <button type="button" class="wide-button" onClick={claim}>
          {texts.claimReport}
        </button>
      )}
    </li>
  );
}

/** What users have reported, for admins. */
export function Reports() {
  const { client } = useAccount();
  const texts = useTexts();
  const [reports, setReports] = useState<readonly Report[]>();
  const { error, run } = useTask();
  const load = useCallback(async () => {
    const [claimed, open] = await Promise.all(
      (['claimed', 'open'] as const).map((state) => client.ask('GET', '/admin/reports', { query: { state } })),
    );
    setReports([...(claimed?.reports ?? []), ...(open?.reports ?? [])]);
  }, [client]);
  useEffect(() => run(load), [load, run]);
  return (
    <div class="panel">
      <PanelHead title={texts.reports} />
      <div class="panel-body" aria-busy={reports === undefined && error === undefined}>
        <Problem error={error} />
        {reports?.length === 0 && <p class="secondary">{texts.noReports}</p>}
        <ul class="people">
          {reports?.map((report) => (
            <Item key={report.id} report={report} onChange={load} />
          ))}
        </ul>
      </div>
    </div>
  );
}
