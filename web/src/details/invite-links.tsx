import type { ShownChat } from 'messenger-client';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { inviteLink } from '../invites/invite-address.js';
import { useTexts } from '../texts/index.js';
import { durationOf, moment } from '../texts/times.js';
import { Checkbox } from '../ui/checkbox.js';
import { Choice } from '../ui/choice.js';
import { Field } from '../ui/field.js';
import { Menu } from '../ui/menu.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

const DAY = 86_400;
const TIMES = [0, DAY, 7 * DAY, 30 * DAY];
const COUNTS = [0, 1, 10, 100];
const MAX_LABEL = 64;

type Client = ReturnType<typeof useClient>;
type InviteLink = Awaited<ReturnType<typeof readLinks>>['links'][number];

function readLinks(client: Client, chatId: number) {
  return client.ask('GET', '/chat/{chat_id}/invite-links', { path: { chat_id: chatId } });
}

interface NewLinkProps {
  readonly chatId: number;
  readonly onMade: (token: string) => Promise<void>;
  readonly onCancel: () => void;
}

/** How long a new link is good, for how many, and whether they only ask. */
function NewLink({ chatId, onMade, onCancel }: NewLinkProps) {
  const client = useClient();
  const texts = useTexts();
  const [label, setLabel] = useState('');
  const [seconds, setSeconds] = useState('0');
  const [count, setCount] = useState('0');
  const [isApproved, setApproved] = useState(false);
  const { isBusy, error, run } = useTask();
  const make = (event: SubmitEvent) => {
    event.preventDefault();
    const body = {
      ...(label.trim() !== '' && { label: label.trim() }),
      ...(seconds !== '0' && { expires_at: new Date(Date.now() + Number(seconds) * 1000).toISOString() }),
      ...(count !== '0' && { max_uses: Number(count) }),
      ...(isApproved && { needs_approval: true }),
    };
    run(async () => {
      const made = await client.ask('POST', '/chat/{chat_id}/invite-links', { path: { chat_id: chatId }, body });
      await onMade(made.token);
    });
  };
  return (
    <form class="form" onSubmit={make}>
      <Field
        label={texts.linkLabel}
        value={label}
        maxLength={MAX_LABEL}
        dir="auto"
        onInput={(event) => setLabel(event.currentTarget.value)}
      />
      <Choice
        label={texts.linkTime}
        options={TIMES.map((time) => ({
          value: String(time),
          label: time === 0 ? texts.unlimited : durationOf(time),
        }))}
        value={seconds}
        onChange={setSeconds}
      />
      <Choice
        label={texts.linkCount}
        options={COUNTS.map((each) => ({ value: String(each), label: each === 0 ? texts.unlimited : String(each) }))}
        value={count}
        onChange={setCount}
      />
      <Checkbox label={texts.linkAsks} isChecked={isApproved} onChange={setApproved} />
      <Problem error={error} />
      <p class="buttons">
        <button type="button" class="button button-quiet" onClick={onCancel}>
          {texts.cancel}
        </button>
        <button type="submit" class="button" aria-disabled={isBusy}>
          {texts.makeLink}
        </button>
      </p>
    </form>
  );
}

/** The links by which people join a group. What a link is can be read once, when it is made. */
export function InviteLinks({ info }: { readonly info: ShownChat }) {
  const client = useClient();
  const texts = useTexts();
  const { state } = useView(client.connection);
  const [links, setLinks] = useState<readonly InviteLink[]>([]);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const [isCopied, setCopied] = useState(false);
  const { error, run } = useTask();
  const load = useCallback(async () => setLinks((await readLinks(client, info.id)).links), [client, info.id]);
  useEffect(() => {
    if (state === 'online') load().catch(() => undefined);
  }, [load, state, info.participant_count]);

  const copy = (token: string) =>
    run(() => navigator.clipboard.writeText(inviteLink(token)).then(() => setCopied(true)));
  const revoke = (link_id: number) =>
    run(async () => {
      await client.ask('DELETE', '/chat/{chat_id}/invite-links/{link_id}', { path: { chat_id: info.id, link_id } });
      await load();
    });
  const onMade = async (token: string) => {
    setMade(token);
    setCopied(false);
    setMaking(false);
    await load();
  };
  const linesOf = ({ max_uses, uses, expires_at, needs_approval }: InviteLink) =>
    [
      max_uses === null ? texts.linkUses(uses) : texts.linkUsesOf(uses, max_uses),
      ...(expires_at === null ? [] : [texts.linkUntil(moment(expires_at))]),
      ...(needs_approval ? [texts.linkAsks] : []),
    ].join(' · ');

  return (
    <section class="section" aria-label={texts.inviteLinks}>
      <h2>{texts.inviteLinks}</h2>
      {made !== undefined && (
        <div class="made-link">
          <Field label={texts.newLink} hint={texts.newLinkText} value={inviteLink(made)} dir="ltr" readOnly />
          <p class="buttons">
            <span role="status" class="secondary">
              {isCopied && texts.copied}
            </span>
            <button type="button" class="button" onClick={() => copy(made)}>
              {texts.copyLink}
            </button>
          </p>
        </div>
      )}
      <Problem error={error} />
      {links.length > 0 && (
        <ul class="links">
          {links.map((link) => {
            const name = link.label ?? texts.linkOf(moment(link.created_at));
            return (
              <li key={link.id} class="person">
                <span class="person-open">
                  <span>
                    <bdi class="person-name">{name}</bdi>
                    <span class="person-username">{linesOf(link)}</span>
                  </span>
                </span>
                <Menu
                  label={`${texts.more}: ${name}`}
                  items={[
                    {
                      label: texts.revokeLink,
                      onChoose: () => revoke(link.id),
                      isDanger: true,
                      question: texts.revokeLinkSure,
                    },
                  ]}
                />
              </li>
            );
          })}
        </ul>
      )}
      {isMaking ? (
        <NewLink chatId={info.id} onMade={onMade} onCancel={() => setMaking(false)} />
      ) : (
        <button type="button" class="wide-button" onClick={() => setMaking(true)}>
          {texts.makeLink}
        </button>
      )}
    </section>
  );
}
