import { Connection } from './connection.ts';
import { databaseRows, hostRows, processRows } from './model/breakdowns.ts';
import { endpointRows } from './model/endpoint-rows.ts';
import { labelValues } from './model/label-choice.ts';
import { Marks } from './model/marks.ts';
import { RangeTotals } from './model/range-totals.ts';
import { Timeline } from './model/timeline.ts';
import { language, words } from './text/words.ts';
import { callsTable, processesTable } from './views/breakdown-tables.ts';
import { ServiceCharts } from './views/charts.ts';
import { DetailView } from './views/detail-view.ts';
import { h, setAttribute } from './views/dom.ts';
import type { ChartContext } from './views/draw-intervals.ts';
import { EndpointsView } from './views/endpoints-view.ts';
import { HeaderView, TIME_RANGES_MS } from './views/header-view.ts';
import { LabelFilters } from './views/label-filters.ts';
import { MarksView } from './views/marks-view.ts';
import { StatusView } from './views/status-view.ts';
import { TilesView } from './views/tiles-view.ts';

/** The marks are also saved when the page is closed; this is for a browser that crashes. */
const SAVE_INTERVAL_MS = 60_000;

const timeline = new Timeline();
const marks = new Marks(timeline);
const rangeTotals = new RangeTotals(TIME_RANGES_MS);

const header = new HeaderView(render);
const labelFilters = new LabelFilters(render);
const tiles = new TilesView();
const charts = new ServiceCharts();
const detail = new DetailView(timeline, render);
const endpoints = new EndpointsView((key) => {
  detail.open(key);
  render();
});
const comparison = new MarksView(marks, () => timeline.latest?.service.name ?? '', render);
const calls = callsTable();
const processes = processesTable();
const status = new StatusView((token) => connection.signIn(token));
const connection = new Connection({
  cursor: () => timeline.cursor,
  onData(data) {
    timeline.add(data);
    marks.detectVersionChange();
    render();
  },
  onState: (state) => status.update(state),
});

const section = (title: string, ...content: HTMLElement[]) =>
  h('section', { hidden: true }, h('h2', {}, title), ...content);
const emptySection = h(
  'section',
  { class: 'empty', hidden: true },
  h('h2', {}, words.empty),
  h('p', {}, words.emptyHint),
);
const chartsSection = section(words.charts, h('div', { class: 'charts' }, ...charts.elements));
const callsSection = section(words.outgoing, calls.element);
const processesSection = section(words.processes, processes.element);
const content = h(
  'div',
  { class: 'content', hidden: true },
  labelFilters.element,
  emptySection,
  tiles.element,
  endpoints.element,
  detail.element,
  chartsSection,
  comparison.element,
  callsSection,
  processesSection,
);
const scrapeLink = h('a', {}, words.scrape);
const footer = h('footer', { class: 'quiet', hidden: true }, `${words.footer} `, scrapeLink);

/** Shows the current data. Each view writes only what has changed. */
function render(): void {
  const { latest } = timeline;
  if (latest === undefined) return;
  const all = timeline.recent(header.timeRangeMs);
  const labels = latest.labels ?? [];
  labelFilters.update(labels, labelValues(all, labels.length));
  const intervals = timeline.recent(header.timeRangeMs, labelFilters.choice);
  const context: ChartContext = { intervals, marks: marks.times };
  const totals = rangeTotals.update((ms) => timeline.recent(ms, labelFilters.choice), header.timeRangeMs);
  const byEndpoint = timeline.listedTotals(totals.endpoints);
  const last = intervals.at(-1);
  const rows = {
    endpoints: endpointRows(byEndpoint),
    calls: [...hostRows(totals.hosts), ...databaseRows(totals.databases)],
    processes: last ? processRows(totals.processes, last) : [],
  };
  header.update(latest, last?.running);
  // A relative URL, because a proxy may serve the page under another path.
  setAttribute(scrapeLink, 'href', latest.scrape.slice(1) || './');
  content.hidden = footer.hidden = false;
  emptySection.hidden = rows.endpoints.length > 0;
  endpoints.element.hidden = rows.endpoints.length === 0;
  chartsSection.hidden = intervals.length === 0;
  callsSection.hidden = rows.calls.length === 0;
  processesSection.hidden = rows.processes.length < 2;
  tiles.update(intervals, byEndpoint.values());
  endpoints.update(rows.endpoints);
  if (intervals.length > 0) charts.update(context);
  detail.update(context, rows.endpoints, all);
  comparison.update();
  calls.update(rows.calls);
  processes.update(rows.processes);
}

document.documentElement.lang = language;
document.body.append(h('main', {}, header.element, status.element, content), footer);
addEventListener('pagehide', () => marks.save());
addEventListener('storage', ({ key }) => {
  marks.reload(key);
  render();
});
setInterval(() => marks.save(), SAVE_INTERVAL_MS);
void connection.poll();
