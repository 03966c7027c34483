import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { deployAnnotation } from './annotations.ts';
import { OTHER_DASHBOARDS, TAG } from './links.ts';

interface DashboardContent {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Builder<VariableModel>[];
  /** Panels by the title of their row; they fill lines of 24 columns. */
  readonly rows: Record<string, readonly Builder<Panel>[]>;
}

/** What both dashboards have in common. Read-only, since whatever is changed in Grafana goes with the next version. */
export function buildDashboard({ uid, title, description, variables, rows }: DashboardContent): Dashboard {
  const result = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .readonly()
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .variables([...variables])
    .annotations([deployAnnotation() as Builder<AnnotationQuery>])
    .link(OTHER_DASHBOARDS);
  let id = 0;
  for (const [name, panels] of Object.entries(rows)) {
    id += 1;
    result.withRow(new RowBuilder(name).id(id));
    for (const panel of panels) {
      id += 1;
      result.withPanel({ build: () => ({ ...panel.build(), id }) });
    }
  }
  return result.build();
}
