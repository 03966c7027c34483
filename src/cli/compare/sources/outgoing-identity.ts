import {
  CLIENT_DURATION,
  DB_DURATION,
  DB_OPERATION,
  DB_SYSTEM,
  EXPORTED_LABEL,
  EXPORTED_NAME,
  METHOD,
  OTHER,
  OTHER_METHOD,
  ROUTE,
  SERVER_ADDRESS,
  SERVER_PORT,
  SLOW,
  SPENT_ON,
  STATUS_CODE,
  TIME_SPENT,
} from '../../../semconv.ts';
import { parseValue } from './exposition.ts';
import {
  endpointOf,
  identityOf,
  type Series,
  type SeriesPart,
  underscored,
  underscoredLabels,
} from './series-identity.ts';

type Attribute = keyof typeof EXPORTED_LABEL;
type Labels = Readonly<Record<string, string>>;

/**
 * The names of what is known of outgoing calls, under one set of metric and label names.
 * @property calls      pattern of the histogram of HTTP calls, without `_bucket`; `databases` the same
 * @property timeSpent  pattern of the counter
 */
export interface OutgoingVocabulary {
  readonly calls: string;
  readonly databases: string;
  readonly timeSpent: string;
  label(attribute: Attribute): string;
}

/** `APM_METRIC_NAMES=apm` and `semconv`, the latter with and without the unit that a Collector appends. */
export const OUTGOING_VOCABULARIES: readonly OutgoingVocabulary[] = [
  {
    calls: EXPORTED_NAME[CLIENT_DURATION],
    databases: EXPORTED_NAME[DB_DURATION],
    timeSpent: EXPORTED_NAME[TIME_SPENT],
    label: (attribute) => EXPORTED_LABEL[attribute],
  },
  {
    calls: `${underscored(CLIENT_DURATION)}(?:_seconds)?`,
    databases: `${underscored(DB_DURATION)}(?:_seconds)?`,
    timeSpent: `${underscored(TIME_SPENT)}(?:_seconds)?(?:_total)?`,
    label: underscored,
  },
];

const PATTERNS = OUTGOING_VOCABULARIES.map(({ calls, databases, timeSpent, label }) => ({
  timeSpent: new RegExp(`^${timeSpent}$`),
  histograms: [calls, databases].map((family) => new RegExp(`^(${family})(?:_(bucket|sum))?$`)),
  label,
}));

/** The series of outgoing calls and the part that a stored series is; undefined for other metrics. */
export function identifyOutgoing(storedName: string, storedLabels: Labels): SeriesPart | undefined {
  const name = underscored(storedName);
  for (const { timeSpent, histograms, label } of PATTERNS) {
    if (timeSpent.test(name)) {
      return { series: timeSpentSeries(name, underscoredLabels(storedLabels), label), part: 'value' };
    }
    for (const [i, histogram] of histograms.entries()) {
      const [, family, part] = histogram.exec(name) ?? [];
      if (family === undefined) continue;
      const series = callSeries(family, underscoredLabels(storedLabels), label, i === 1);
      if (part !== 'bucket') return { series, part: part === 'sum' ? 'sum' : 'native' };
      const bound = parseValue(storedLabels.le || 'NaN');
      return Number.isNaN(bound) ? undefined : { series, part: bound };
    }
  }
  return undefined;
}

type LabelOf = OutgoingVocabulary['label'];

const timeSpentSeries = (name: string, labels: Labels, label: LabelOf): Series => ({
  ...identityOf(name, labels),
  kind: 'timeSpent',
  endpoint: endpointOf(labels, { method: label(METHOD), path: label(ROUTE) }),
  on: labels[label(SPENT_ON)] ?? OTHER,
  isSlow: labels[label(SLOW)] === 'true',
});

function callSeries(family: string, labels: Labels, label: LabelOf, isDatabase: boolean): Series {
  const value = (attribute: Attribute) => labels[label(attribute)];
  const port = labels[underscored(SERVER_PORT)];
  // Under the default names, the host has its port.
  const host = (value(SERVER_ADDRESS) ?? OTHER) + (port === undefined || WEB_PORTS.includes(port) ? '' : `:${port}`);
  return {
    ...identityOf(family, labels),
    kind: 'calls',
    called: isDatabase ? `${value(DB_SYSTEM) ?? OTHER} ${host}` : host,
    operation: isDatabase ? (value(DB_OPERATION) ?? OTHER) : (value(METHOD) ?? OTHER_METHOD),
    isDatabase,
    // Without a status there was no answer.
    error: !isDatabase && /^(?:5|$)/.test(value(STATUS_CODE) ?? ''),
  };
}

const WEB_PORTS: readonly string[] = ['80', '443'];
