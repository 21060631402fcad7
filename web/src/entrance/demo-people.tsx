import { enterAs } from '../account/account.js';
import { DEMO_PEOPLE } from '../account/demo.js';
import { isDevelopment } from '../app/server-settings.js';
import { useTexts } from '../texts/index.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { leaveEntrance } from './leave-entrance.js';

/** With DEVELOPMENT=on, a way in as somebody of the demo world. */
export function DemoPeople() {
  const texts = useTexts();
  const { isBusy, error, run } = useTask();
  if (!isDevelopment) return null;
  return (
    <div class="demo" role="group" aria-label={texts.enterAs}>
      <span>{texts.enterAs}</span>
      {DEMO_PEOPLE.map((person) => (
        <button
          type="button"
          class="text-button"
          key={person.externalId}
          aria-disabled={isBusy}
          onClick={() => run(() => enterAs(person).then(leaveEntrance))}
        >
          {person.name}
        </button>
      ))}
      <Problem error={error} />
    </div>
  );
}
