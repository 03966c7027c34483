import { DURATION, REQUESTS, VERSION_LABEL } from '../names.ts';
import { graph } from '../panel-types/graph.ts';
import { quantileOf, type Scope, total, withoutNaN } from '../queries.ts';
import { withVersion } from '../versions.ts';
import { NOW } from '../windows.ts';

const PER_INSTANCE = ['job', 'instance'];

export function requestsByVersion(scope: Scope) {
  const perInstance = total(REQUESTS, scope, NOW, PER_INSTANCE);
  return graph(
    {
      title: 'Requests by version',
      description:
        'Requests per second, by the version that answered them. At a deploy one line ends and the next begins. Two lines for a long time: a rollout has stopped half-way. A line without a name: the service does not set service.version.',
      unit: 'reqps',
      width: 12,
      stacked: true,
    },
    [{ expr: `sum by (${VERSION_LABEL}) (${withVersion(perInstance)})`, name: `{{${VERSION_LABEL}}}` }],
  );
}

export function p99ByVersion(scope: Scope) {
  const perVersion = quantileOf(0.99, (suffix, ...labels) => {
    const perInstance = total(DURATION + suffix, scope, NOW, [...PER_INSTANCE, ...labels]);
    return `sum by (${[VERSION_LABEL, ...labels].join(', ')}) (${withVersion(perInstance)})`;
  });
  return graph(
    {
      title: 'p99 by version',
      description:
        'p99 of each version. While two versions run side by side they get the same traffic. If the new line is clearly above the old one, the new version is slower: roll it back, then open the slow endpoint and compare before and after. Ignore the first minute of a version: it includes the start-up.',
      unit: 's',
      width: 12,
    },
    [{ expr: withoutNaN(perVersion), name: `{{${VERSION_LABEL}}}` }],
  );
}
