import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { DATASOURCE } from './kinds/look.ts';
import { VERSION_LABEL } from './names.ts';
import { DEPLOYS } from './versions.ts';

/** No mark is drawn from steps closer than this; Grafana joins neighbouring points to one mark. */
const STEP = '60s';

/**
 * A mark on every graph where a version appears. The query is given twice, because Grafana reads it in `target` since
 * version 11 and beside it before.
 */
export function deploys(): { build(): AnnotationQuery } {
  const query = new DataqueryBuilder().datasource(DATASOURCE).refId('Anno').expr(DEPLOYS).interval(STEP).range();
  const { placement: _, ...annotation } = new AnnotationQueryBuilder()
    .name('Deploys')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('blue')
    .target(query)
    .expr(DEPLOYS)
    .step(STEP)
    .titleFormat(`{{job}} {{${VERSION_LABEL}}}`)
    .textFormat('first seen here')
    .tagKeys(`job,${VERSION_LABEL}`)
    .build();
  return { build: () => annotation };
}
