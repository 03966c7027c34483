import type { Dashboard, Panel, RowPanel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';

export interface Expression {
  /** The title of the panel; `annotation <name>` or `variable <name>` for those of the dashboard. */
  readonly panel: string;
  readonly refId: string;
  readonly expr: string;
  /** Whether it is evaluated only at the end of the time range, not at every step. */
  readonly instant: boolean;
}

/** The values of variables by their names. */
export type Values = Readonly<Record<string, string>>;
/** The variables that Grafana itself fills in, for an hour in steps of 15 s. */
export const AN_HOUR: Values = {
  __rate_interval: '1m',
  __interval: '15s',
  __range: '3600s',
  __range_s: '3600',
};

export function panelsOf(dashboard: Dashboard): Panel[] {
  const all = (dashboard.panels ?? []).flatMap((panel): (Panel | RowPanel)[] =>
    panel.type === 'row' ? [panel, ...(panel as RowPanel).panels] : [panel],
  );
  return all.filter((panel): panel is Panel => panel.type !== 'row');
}

export const targetsOf = (panel: Panel): Dataquery[] => (panel.targets ?? []) as unknown as Dataquery[];
export const variablesOf = (dashboard: Dashboard): VariableModel[] => dashboard.templating.list ?? [];

/** Replaces `$name` and `\${name}` like Grafana does before a query. "All" is the variable's `allValue`. */
export function fillVariables(text: string, dashboard: Dashboard, values: Values): string {
  const chosen = Object.fromEntries(
    variablesOf(dashboard).map(({ name, current, allValue }) => {
      const value = [current?.value ?? []].flat().join('|');
      return [name, value === '$__all' ? (allValue as string) : value];
    }),
  );
  const known: Record<string, string> = { ...chosen, ...values };
  // `$1` is a group of a regular expression, not a variable.
  return text.replace(/\$(?:\{(\w+)\}|([a-z_]\w*))/gi, (whole, braced, bare) => {
    const value = known[braced ?? bare];
    if (value === undefined) throw new Error(`${dashboard.uid}: ${whole} has no value in: ${text}`);
    return value;
  });
}

/**
 * Every expression that the dashboard sends to Prometheus, with its variables filled in.
 * @param values  Grafana's own variables (`AN_HOUR`), and variables that differ from their initial values. If the dashboard
 * has the variable `deploy`, it is required, in Unix seconds
 */
export function expressionsOf(dashboard: Dashboard, values: Values): Expression[] {
  const fill = (expr: string) => fillVariables(expr, dashboard, values);
  const ofPanels = panelsOf(dashboard).flatMap((panel) =>
    targetsOf(panel).map(({ expr, refId = '', instant = false }) => ({
      panel: panel.title ?? '',
      refId,
      expr: fill(expr),
      instant,
    })),
  );
  const ofAnnotations = (dashboard.annotations.list ?? []).map(({ name, expr = '' }) => ({
    panel: `annotation ${name}`,
    refId: 'Anno',
    expr: fill(expr),
    instant: false,
  }));
  const ofVariables = variablesOf(dashboard).flatMap(({ name, query }) => {
    const [, expr] = /^query_result\((.*)\)$/.exec(String(query)) ?? [];
    return expr ? [{ panel: `variable ${name}`, refId: '', expr: fill(expr), instant: true }] : [];
  });
  return [...ofPanels, ...ofAnnotations, ...ofVariables];
}
