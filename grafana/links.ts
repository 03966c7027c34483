import { type DashboardLink, DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { METHOD_LABEL, PATH_LABEL } from './names.ts';

/** The uid is part of a dashboard's URL, `/d/<uid>`. Alerts link to it, so it must never change. */
export const UID = { service: 'apm-service', endpoint: 'apm-endpoint' } as const;

/** Dashboards with this tag link to each other. */
export const TAG = 'apm';

/** Shows a link directly: by default the SDK puts it into a menu. */
function outsideMenu(builder: DashboardLinkBuilder): { build(): DashboardLink } {
  const { placement: _, ...link } = builder.build();
  return { build: () => link };
}

/** Links to the other dashboards of this package. They keep the variables and the time range. */
export const OTHER_DASHBOARDS = outsideMenu(
  new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .icon('external link')
    .includeVars(true)
    .keepTime(true),
);

/**
 * Links a table row with the labels job, path and method to that endpoint, with the same time range. The values are
 * percent-encoded, because a path contains `/`, `:` and `&`.
 */
export function endpointLink(): { build(): DashboardLink } {
  const fields = ['job', PATH_LABEL, METHOD_LABEL].map(
    (label) => `var-${label}=\${__data.fields.${label}:percentencode}`,
  );
  const url = [
    `/d/${UID.endpoint}?\${__url_time_range}`,
    `\${datasource:queryparam}`,
    `\${prefix:queryparam}`,
    `\${instance:queryparam}`,
    ...fields,
  ];
  return outsideMenu(new DashboardLinkBuilder('Open this endpoint').url(url.join('&')));
}
