import type { ShownChat } from 'messenger-client';
import { arePublicGroupsOn } from '../app/server-settings.js';
import { useTexts } from '../texts/index.js';
import { durationOf } from '../texts/times.js';
import { Checkbox } from '../ui/checkbox.js';
import { Choice } from '../ui/choice.js';
import { Problem } from '../ui/problem.js';
import { FOR_MEMBERS, useRules } from './use-rules.js';

type Right = (typeof FOR_MEMBERS)[number];

const PAUSES = [0, 10, 30, 60, 300, 900, 3600];

/** What holds in a group, for those who may change some of it. */
export function GroupRules({ info }: { readonly info: ShownChat }) {
  const texts = useTexts();
  const { rules, change, error } = useRules(info);
  const may = (right: string) => info.own_rights.some((each) => each === right);
  const hasRight = (right: Right) => rules.member_rights.includes(right);
  const allow = (right: Right, isAllowed: boolean) =>
    change({ member_rights: FOR_MEMBERS.filter((each) => (each === right ? isAllowed : hasRight(each))) });
  if (!may('set_rights') && !may('freeze')) return null;

  const pause = rules.slow_mode_seconds;
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
          <Checkbox label={texts.freeze} isChecked={rules.frozen} onChange={(frozen) => change({ frozen })} />
        </>
      )}
      {may('set_rights') && (
        <>
          <Checkbox
            label={texts.historyFromNow}
            isChecked={rules.history_from_now}
            onChange={(history_from_now) => change({ history_from_now })}
          />
          <Checkbox
            label={texts.noForward}
            isChecked={rules.no_forward}
            onChange={(no_forward) => change({ no_forward })}
          />
          {arePublicGroupsOn && (
            <Checkbox
              label={texts.isPublic}
              isChecked={rules.public}
              onChange={(isPublic) => change({ public: isPublic })}
            />
          )}
        </>
      )}
      <Problem error={error} />
    </section>
  );
}
