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
  /** Panels by the title of their row. Grafana places them from left to right on a grid of 24 columns. */
  readonly rows: Record<string, readonly Builder<Panel>[]>;
}

/** Builds a dashboard. It is read-only in Grafana, because the next version would overwrite changes made there. */
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
