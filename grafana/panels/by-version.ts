import { DURATION, REQUESTS, VERSION_LABEL } from '../names.ts';
import { graph } from '../panel-types/graph.ts';
import { type Scope, total, withoutNaN } from '../queries.ts';
import { withVersion } from '../versions.ts';
import { NOW } from '../windows.ts';

const PER_INSTANCE = ['job', 'instance'];

export function requestsByVersion(scope: Scope) {
  const perInstance = total(REQUESTS, scope, NOW, PER_INSTANCE);
  return graph(
    {
      title: 'Requests by version',
      description:
        'Requests answered each second, by the version that answered. One line ends where the next begins: that is a deploy. Two lines for long are a roll-out that stopped half-way. A line without a name: the service tells no service.version.',
      unit: 'reqps',
      width: 12,
      stacked: true,
    },
    [{ expr: `sum by (${VERSION_LABEL}) (${withVersion(perInstance)})`, name: `{{${VERSION_LABEL}}}` }],
  );
}

export function p99ByVersion(scope: Scope) {
  const perInstance = total(`${DURATION}_bucket`, scope, NOW, [...PER_INSTANCE, 'le']);
  const perVersion = `sum by (${VERSION_LABEL}, le) (${withVersion(perInstance)})`;
  return graph(
    {
      title: 'p99 by version',
      description:
        "The p99 of each version. While two run side by side they get the same traffic: a new line well above the old one is the new version's doing. Roll it back, then open the slow endpoint to see before and after. The first minute of a version is start-up.",
      unit: 's',
      width: 12,
    },
    [{ expr: withoutNaN(`histogram_quantile(0.99, ${perVersion})`), name: `{{${VERSION_LABEL}}}` }],
  );
}
