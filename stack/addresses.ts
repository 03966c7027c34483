import { EXPORTED_LABEL, EXPORTED_NAME, METHOD, ROUTE, SERVER_DURATION } from '../src/semconv.ts';
import type { Collector } from './collector.ts';
import type { Prometheus } from './prometheus.ts';

const endpoint = `${EXPORTED_LABEL[ROUTE]}, ${EXPORTED_LABEL[METHOD]}`;
const SLOWEST_ENDPOINTS_QUERY = `topk(10, histogram_quantile(0.99, sum by (${endpoint}, le) (rate(${EXPORTED_NAME[SERVER_DURATION]}_bucket[1m]))))`;

export interface RunningStack {
  shop: { url: string; metrics: string; pid: number };
  collector: Collector | undefined;
  prometheus: Prometheus;
}

/** The addresses of all programs, as text for a terminal. */
export async function listAddresses({ shop, collector, prometheus }: RunningStack): Promise<string> {
  const pages = await findPages(prometheus);
  const query = `${prometheus.url}${pages?.graph ?? '/api/v1/query'}?${pages ? `g0.tab=${pages.table}&g0.expr` : 'query'}=${encodeURIComponent(SLOWEST_ENDPOINTS_QUERY)}`;
  const rows = [
    ['the shop', `${shop.url} (pid ${shop.pid})`],
    collector
      ? ['its metrics', `pushed to ${collector.url} (OTLP), scraped from http://${collector.address}/metrics`]
      : ['its metrics', shop.metrics],
    ['Prometheus', prometheus.url],
    ['  slowest endpoints', query],
    ['  alerts', `${prometheus.url}${pages?.alerts ?? '/api/v1/rules?type=alert'}`],
    ['Grafana', 'not started: add this Prometheus to your own Grafana, and import grafana/dashboards/*.json'],
  ];
  return `\n${rows.map(([name, value]) => `${name?.padEnd(21)}${value}`).join('\n')}`;
}

/** Prometheus 3, Prometheus 2 and Debian's Prometheus 2 have different paths for their pages. A plain build has no pages. */
const PAGE_LAYOUTS = [
  { graph: '/query', alerts: '/alerts', table: 'table' },
  { graph: '/graph', alerts: '/alerts', table: '1' },
  { graph: '/classic/graph', alerts: '/classic/alerts', table: '1' },
];

async function findPages({ url }: Prometheus) {
  for (const pages of PAGE_LAYOUTS) {
    const answers = await Promise.all([fetch(url + pages.graph), fetch(url + pages.alerts)]);
    if (answers.every((answer) => answer.ok)) return pages;
  }
  return undefined;
}
