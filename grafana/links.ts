import { type DashboardLink, DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { METHOD_LABEL, PATH_LABEL } from './names.ts';

/** Under which a dashboard is found: `/d/<uid>`. The alerts lead there, so these are for good. */
export const UID = { service: 'apm-service', endpoint: 'apm-endpoint' } as const;

/** Marks the dashboards that link to each other. */
export const TAG = 'apm';

/** A link that is seen: left to itself, the SDK puts each into a menu. */
function outsideMenu(builder: DashboardLinkBuilder): { build(): DashboardLink } {
  const { placement: _, ...link } = builder.build();
  return { build: () => link };
}

/** Next to the variables: the other dashboards of this package, with the variables and the time range of this one. */
export const OTHER_DASHBOARDS = outsideMenu(
  new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .icon('external link')
    .includeVars(true)
    .keepTime(true),
);

/** From a row with the labels job, path and method to that endpoint, at the same time. Templates hold `/`, `:` and `&`. */
export function endpointLink(): { build(): DashboardLink } {
  const fields = ['job', PATH_LABEL, METHOD_LABEL].map(
    (label) => `var-${label}=\${__data.fields.${label}:percentencode}`,
  );
  const url = [
    `/d/${UID.endpoint}?\${__url_time_range}`,
    `\${datasource:queryparam}`,
    `\${instance:queryparam}`,
    ...fields,
  ];
  return outsideMenu(new DashboardLinkBuilder('Open this endpoint').url(url.join('&')));
}
