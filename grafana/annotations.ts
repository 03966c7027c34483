import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { VERSION_LABEL } from './names.ts';
import { DATASOURCE } from './panel-types/panel-options.ts';
import { NEW_VERSIONS } from './versions.ts';

/** Grafana joins points of neighbouring steps to one mark, so the step need not be finer. */
const DEPLOY_STEP = '60s';

/**
 * Marks on every graph the time at which a version appears. The query is set twice: Grafana 11 and later read it from
 * `target`, older versions from the annotation itself.
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
    .textFormat('first data of this version')
    .tagKeys(`job,${VERSION_LABEL}`)
    .build();
  return { build: () => annotation };
}
