import { ALERTS, METHOD_LABEL, PATH_LABEL } from '../names.ts';
import { table } from '../panel-types/table.ts';

const ROW = ['alertname', 'severity', 'job', PATH_LABEL, METHOD_LABEL];

/** Alerts on a service or endpoint have no instance label. Alerts on a Collector are shown for every service. */
const SELECTED_SERVICES = 'job=~"$job|otelcol|collector", instance=~"$instance|"';

export function firingAlerts() {
  return table(
    {
      title: 'Firing alerts',
      description:
        'Alerts that fire in Prometheus now. Empty is normal, provided the rules are loaded (check Status, Rules in Prometheus). Handle severity "page" first. The annotations of each alert say what it means and what to do: see Alerts in Prometheus.',
      unit: 'short',
      width: 16,
      height: 5,
      empty: 'no alert is firing',
      rows: ROW,
    },
    [{ name: 'Firing', expr: `max by (${ROW.join(', ')}) (${ALERTS}{alertstate="firing", ${SELECTED_SERVICES}})` }],
  );
}
