import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { VERSION_LABEL } from './names.ts';
import { DATASOURCE } from './panel-types/panel-options.ts';
import { NEW_VERSIONS } from './versions.ts';

/** No mark is drawn from steps closer than this; Grafana joins neighbouring points to one mark. */
const DEPLOY_STEP = '60s';

/**
 * A mark on every graph where a version appears. The query is given twice, because Grafana reads it in `target` since
 * version 11 and beside it before.
 */
export function deployAnnotation(): { build(): AnnotationQuery } {
  const query = new DataqueryBuilder()
    .datasource(DATASOURCE)
    .refId('Anno')
    .expr(NEW_VERSIONS)
    .interval(DEPLOY_STEP)
    .range();
  const { placement: _, ...annotation } = new AnnotationQueryBuilder()
    .name('Deploys')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('blue')
    .target(query)
    .expr(NEW_VERSIONS)
    .step(DEPLOY_STEP)
    .titleFormat(`{{job}} {{${VERSION_LABEL}}}`)
    .textFormat('first seen here')
    .tagKeys(`job,${VERSION_LABEL}`)
    .build();
  return { build: () => annotation };
}
