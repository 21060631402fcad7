import type { ShownChat } from 'messenger-client';
import { useClient } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { durationOf } from '../texts/times.js';
import { Checkbox } from '../ui/checkbox.js';
import { Choice } from '../ui/choice.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

/** What members may be allowed. */
const FOR_MEMBERS = ['send', 'mention_all', 'rename', 'add_member', 'invite'] as const;
const PAUSES = [0, 10, 30, 60, 300, 900, 3600];

/** What holds in a group. Each change is one of its own, so two who change something else don't undo each other. */
export function GroupRules({ info }: { readonly info: ShownChat }) {
  const client = useClient();
  const texts = useTexts();
  const { error, run } = useTask();
  const may = (right: string) => info.own_rights.some((each) => each === right);
  const change = (body: object) =>
    run(() => client.ask('PATCH', '/chat/{chat_id}', { path: { chat_id: info.id }, body }));
  const hasRight = (right: string) => info.member_rights.some((each) => each === right);
  const allow = (right: string, isAllowed: boolean) =>
    change({ member_rights: FOR_MEMBERS.filter((each) => (each === right ? isAllowed : hasRight(each))) });
  if (!may('set_rights') && !may('freeze')) return null;

  const pause = info.slow_mode_seconds;
  const pauses = PAUSES.includes(pause) ? PAUSES : [...PAUSES, pause].sort((one, other) => one - other);
  return (
    <section class="section" aria-label={texts.rules}>
      <h2>{texts.rules}</h2>
      {may('set_rights') && (
        <fieldset class="checks">
          <legend>{texts.membersMay}</legend>
          {FOR_MEMBERS.map((right) => (
            <Checkbox
              key={right}
              label={texts.rights[right]}
              isChecked={hasRight(right)}
              onChange={(isAllowed) => allow(right, isAllowed)}
            />
          ))}
          {!hasRight('send') && <p class="note">{texts.isForAnnouncements}</p>}
        </fieldset>
      )}
      {may('freeze') && (
        <>
          <Choice
            label={texts.slowMode}
            options={pauses.map((seconds) => ({
              value: String(seconds),
              label: seconds === 0 ? texts.noticesOptions.off : durationOf(seconds),
            }))}
            value={String(pause)}
            onChange={(seconds) => change({ slow_mode_seconds: Number(seconds) })}
          />
          <Checkbox
            label={texts.freeze}
            isChecked={info.frozen_at !== null}
            onChange={(frozen) => change({ frozen })}
          />
        </>
      )}
      {may('set_rights') && (
        <Checkbox
          label={texts.historyFromNow}
          isChecked={info.history_from_now}
          onChange={(history_from_now) => change({ history_from_now })}
        />
      )}
      <Problem error={error} />
    </section>
  );
}
