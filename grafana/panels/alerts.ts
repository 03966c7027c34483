import { ALERTS, METHOD_LABEL, PATH_LABEL } from '../names.ts';
import { table } from '../panel-types/table.ts';

const ROW = ['alertname', 'severity', 'job', PATH_LABEL, METHOD_LABEL];

/** Most alerts are about a service or an endpoint, not about a process: those have no instance. A Collector's are everyone's. */
const SELECTED_SERVICES = 'job=~"$job|otelcol|collector", instance=~"$instance|"';

export function firingAlerts() {
  return table(
    {
      title: 'Alerts that fire',
      description:
        'What Prometheus alerts of now. Empty is normal, if the rules are loaded (in Prometheus: Status, Rules). Start with severity page. What each means and what to do is in its annotations: Alerts in Prometheus.',
      unit: 'short',
      width: 16,
      height: 5,
      empty: 'nothing fires',
      rows: ROW,
    },
    [{ name: 'Firing', expr: `max by (${ROW.join(', ')}) (${ALERTS}{alertstate="firing", ${SELECTED_SERVICES}})` }],
  );
}
