import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { SCOPE } from '../../semconv.ts';
import type { Labels } from './labels.ts';
import { metricName } from './metric-name.ts';

/**
 * All metrics with one exported name and one type.
 * @property distinct  no two series can have the same labels. Those of an app can, where two names are exported as one
 */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly members: readonly FamilyMember[];
  readonly distinct: boolean;
}

/** @property scopeLabels  labels that distinguish its series from those of other scopes; undefined for the first scope */
interface FamilyMember {
  readonly metric: MetricData;
  readonly scopeLabels: Labels | undefined;
}

type Mutable = Family & { members: FamilyMember[]; distinct: boolean };
type Scope = ResourceMetrics['scopeMetrics'][number]['scope'];

/**
 * Groups metrics by their exported name, because a scrape must not contain a family twice. Where scopes share a name,
 * `otel_scope_*` labels distinguish all but the first. A metric whose type differs from its family's is left out.
 */
export function metricFamilies(scopeMetrics: ResourceMetrics['scopeMetrics']): Family[] {
  const found = new Map<string, { first: Scope; family: Mutable }>();
  for (const { scope, metrics } of inOrder(scopeMetrics)) {
    for (const metric of metrics) {
      const type = typeOf(metric);
      const name = metricName(metric, scope.name === SCOPE);
      if (metric.dataPoints.length === 0 || type === undefined || name === 'target_info') continue;
      const known = found.get(name);
      if (known === undefined) {
        const help = metric.descriptor.description || 'description missing';
        const members = [{ metric, scopeLabels: undefined }];
        found.set(name, { first: scope, family: { name, help, type, members, distinct: scope.name === SCOPE } });
      } else if (known.family.type === type) {
        known.family.distinct = false;
        known.family.members.push({ metric, scopeLabels: scope === known.first ? undefined : labelsOf(scope) });
      }
    }
  }
  return Array.from(found.values(), ({ family }) => family);
}

/** Ours first, then by name. The SDK's order depends on when observable callbacks finish, and labels must not change. */
function inOrder(scopeMetrics: ResourceMetrics['scopeMetrics']): ResourceMetrics['scopeMetrics'] {
  const rank = ({ name, version = '' }: Scope): string => `${name === SCOPE ? 0 : 1}${name}\n${version}`;
  return scopeMetrics.toSorted((a, b) => (rank(a.scope) < rank(b.scope) ? -1 : 1));
}

const labelsOf = ({ name, version, schemaUrl }: Scope): Labels => ({
  otel_scope_name: name,
  otel_scope_version: version || undefined,
  otel_scope_schema_url: schemaUrl || undefined,
});

/** undefined for a type that the text format does not have */
function typeOf(metric: MetricData): Family['type'] | undefined {
  if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return undefined;
  if (metric.dataPointType === DataPointType.HISTOGRAM) return 'histogram';
  return metric.dataPointType === DataPointType.SUM && metric.isMonotonic ? 'counter' : 'gauge';
}
