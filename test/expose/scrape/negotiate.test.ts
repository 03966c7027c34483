import { expect, it } from 'vitest';
import { prefersProtobuf } from '../../../src/expose/scrape/negotiate.ts';
import { ACCEPT_PROTOBUF } from '../../support/metric-families.ts';

const DELIMITED = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

it.each([
  ['Prometheus 3 with scrape_native_histograms', ACCEPT_PROTOBUF],
  [
    'Prometheus 2.42 with native-histograms',
    `${DELIMITED},application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
  ],
  ['a client that accepts nothing else', DELIMITED],
  [
    'spaces, capitals and quotes',
    `Application/Vnd.Google.Protobuf ; Proto="io.prometheus.client.MetricFamily" ; Encoding = delimited ; Q=0.5, */*;q=0.4`,
  ],
  [
    'OpenMetrics before it, which is not to be had',
    `application/openmetrics-text;version=1.0.0,${DELIMITED};q=0.9,text/plain;q=0.8`,
  ],
  ['text with a quality of 0', `${DELIMITED};q=0.1,text/plain;q=0,*/*;q=0.5`],
  [
    'more for text of another version',
    `${DELIMITED};q=0.5,text/plain;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.4`,
  ],
])('prefers protobuf: %s', (_, accept) => {
  expect(prefersProtobuf(accept)).toBe(true);
});

it.each([
  ['no header', undefined],
  ['an empty header', ''],
  ['curl', '*/*'],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'],
  [
    'Prometheus 3 without scrape_native_histograms',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
  ],
  [
    'Prometheus 2',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  ],
  ['Telegraf', 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1'],
  ['vmagent', 'text/plain;version=0.0.4;q=1,*/*;q=0.1'],
  ['text before it', `text/plain;version=0.0.4;q=0.6,${DELIMITED};q=0.5`],
  ['text as much as it', `${DELIMITED},text/plain`],
  ['everything as much as it', `${DELIMITED};q=0.5,*/*;q=0.5`],
  ['every text more than it', `${DELIMITED};q=0.5,text/*;q=0.6,*/*;q=0.1`],
  ['a quality of 0', `${DELIMITED};q=0`],
  ['a quality that is no number', `${DELIMITED};q=high,*/*;q=0.1`],
  ['a quality above 1', `${DELIMITED};q=2,*/*;q=0.1`],
  ['the text form of protobuf', DELIMITED.replace('delimited', 'text')],
  ['another message', DELIMITED.replace('MetricFamily', 'Metric')],
  ['any protobuf', 'application/vnd.google.protobuf'],
  ['separators alone', ';;,,;=,=;protobuf'],
])('prefers text: %s', (_, accept) => {
  expect(prefersProtobuf(accept)).toBe(false);
});
