import { ON_CODE, ON_UNSEEN } from '../../src/semconv.ts';
import { ON_LABEL, SLOW_LABEL, TIME_SPENT } from '../names.ts';
import { graph } from '../panel-types/graph.ts';
import { durationCount, type Scope, total, withMatchers } from '../queries.ts';
import { NOW } from '../windows.ts';

const LEGEND = `A host or a database: a call was open; several open calls share the time. "${ON_CODE}": no call was open, and the event loop was busy. "${ON_UNSEEN}": no measured call was open, and the event loop was idle.`;
/** The time is known only where it is known which request makes a call. */
const EMPTY = 'Empty in spite of traffic: set APM_CONTEXT=true.';

/** Without requests there is no point: 0 divided by 0 is no number. */
const perWhole = (part: string, whole: string): string => `${part} / on () group_left () (${whole} > 0)`;

/** The mean duration, in parts. */
export function timeSpent(scope: Scope) {
  return graph(
    {
      title: 'Where the time goes',
      description: `Mean time of a request, stacked by what it was spent on; the height is the mean duration. ${LEGEND} The part that grows is the cause. ${EMPTY}`,
      unit: 's',
      width: 12,
      stacked: true,
    },
    [
      {
        expr: perWhole(total(TIME_SPENT, scope, NOW, [ON_LABEL]), durationCount(scope, NOW)),
        name: `{{${ON_LABEL}}}`,
      },
    ],
  );
}

/** The mean is of all requests, so it hides what slow ones wait for. */
export function slowTimeSpent(scope: Scope) {
  const slow = withMatchers(scope, `${SLOW_LABEL}="true"`);
  return graph(
    {
      title: 'Where the time of slow requests goes',
      description: `Share of the time of the requests that took longer than APM_SLOW, by what it was spent on. ${LEGEND} The largest part is the cause of the tail. Gaps: no request was slow. ${EMPTY}`,
      unit: 'percentunit',
      width: 12,
      stacked: true,
    },
    [
      {
        expr: perWhole(total(TIME_SPENT, slow, NOW, [ON_LABEL]), total(TIME_SPENT, slow, NOW)),
        name: `{{${ON_LABEL}}}`,
      },
    ],
  );
}
