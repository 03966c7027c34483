import type { Dashboard, Panel, RowPanel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';

export interface Expression {
  /** The title of the panel; `annotation <name>` and `variable <name>` are the dashboard's own. */
  readonly panel: string;
  readonly refId: string;
  readonly expr: string;
  /** Asked for at the end of the time range, not at every step of it. */
  readonly instant: boolean;
}

/** What Grafana itself would fill in, for an hour in steps of 15 s, and the other variables by name. */
export type Values = Readonly<Record<string, string>>;
export const AN_HOUR: Values = {
  __rate_interval: '1m',
  __interval: '15s',
  __range: '3600s',
  __range_s: '3600',
};

export function panels(dashboard: Dashboard): Panel[] {
  const all = (dashboard.panels ?? []).flatMap((panel): (Panel | RowPanel)[] =>
    panel.type === 'row' ? [panel, ...(panel as RowPanel).panels] : [panel],
  );
  return all.filter((panel): panel is Panel => panel.type !== 'row');
}

export const targets = (panel: Panel): Dataquery[] => (panel.targets ?? []) as unknown as Dataquery[];
export const variables = (dashboard: Dashboard): VariableModel[] => dashboard.templating.list ?? [];

/** As Grafana does before it asks: `$name` and `\${name}`, where "All" is the variable's `allValue`. */
export function filled(text: string, dashboard: Dashboard, values: Values): string {
  const chosen = Object.fromEntries(
    variables(dashboard).map(({ name, current, allValue }) => {
      const value = [current?.value ?? []].flat().join('|');
      return [name, value === '$__all' ? (allValue as string) : value];
    }),
  );
  const known: Record<string, string> = { ...chosen, ...values };
  // `$1` is a group of a regular expression, and no variable.
  return text.replace(/\$(?:\{(\w+)\}|([a-z_]\w*))/gi, (whole, braced, bare) => {
    const value = known[braced ?? bare];
    if (!value) throw new Error(`${dashboard.uid}: ${whole} has no value in: ${text}`);
    return value;
  });
}

/**
 * Every expression that the dashboard sends to Prometheus, its variables filled in.
 * @param values  Grafana's own variables (`AN_HOUR`), and those to be other than at first; `deploy` must be among them
 * where the dashboard has it: Unix seconds
 */
export function expressions(dashboard: Dashboard, values: Values): Expression[] {
  const fill = (expr: string) => filled(expr, dashboard, values);
  const ofPanels = panels(dashboard).flatMap((panel) =>
    targets(panel).map(({ expr, refId = '', instant = false }) => ({
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
  const ofVariables = variables(dashboard).flatMap(({ name, query }) => {
    const [, expr] = /^query_result\((.*)\)$/.exec(String(query)) ?? [];
    return expr ? [{ panel: `variable ${name}`, refId: '', expr: fill(expr), instant: true }] : [];
  });
  return [...ofPanels, ...ofAnnotations, ...ofVariables];
}
