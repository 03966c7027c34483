import { ServiceCharts, type Shown } from './charts.ts';
import { Connection } from './connection.ts';
import { DetailView } from './detail-view.ts';
import { h, setAttribute } from './dom.ts';
import { EndpointsView } from './endpoints-view.ts';
import { HeaderView } from './header-view.ts';
import { Marks } from './marks.ts';
import { MarksView } from './marks-view.ts';
import { endpointRows } from './rows.ts';
import { StatusView } from './status-view.ts';
import { hostRows, hostsTable, processesTable, processRows } from './tables.ts';
import { TilesView } from './tiles-view.ts';
import { Timeline } from './timeline.ts';
import { language, words } from './words.ts';

/** Milliseconds between two times that what was seen is kept, in case the page is closed without a word. */
const KEEP = 60_000;

const timeline = new Timeline();
const marks = new Marks(timeline);

const header = new HeaderView(show);
const tiles = new TilesView();
const charts = new ServiceCharts();
const detail = new DetailView(timeline, show);
const endpoints = new EndpointsView((key) => {
  detail.open(key);
  show();
});
const changes = new MarksView(marks, () => timeline.data?.service.name ?? '', show);
const hosts = hostsTable();
const processes = processesTable();
const status = new StatusView((token) => connection.signIn(token));
const connection = new Connection({
  after: () => timeline.after,
  told(data) {
    timeline.add(data);
    marks.look();
    show();
  },
  changed: (state) => status.update(state),
});

const section = (title: string, ...content: HTMLElement[]) =>
  h('section', { hidden: true }, h('h2', {}, title), ...content);
const empty = h('section', { class: 'empty', hidden: true }, h('h2', {}, words.empty), h('p', {}, words.emptyHint));
const graphs = section(words.charts, h('div', { class: 'charts' }, ...charts.elements));
const outgoing = section(words.outgoing, hosts.element);
const running = section(words.processTable, processes.element);
const content = h(
  'div',
  { class: 'content', hidden: true },
  empty,
  tiles.element,
  endpoints.element,
  detail.element,
  graphs,
  changes.element,
  outgoing,
  running,
);
const body = h('main', {}, header.element, status.element, content);
const scrape = h('a', {}, words.scrape);
const footer = h('footer', { class: 'quiet', hidden: true }, `${words.footer} `, scrape);

/** Everything anew from what is known; a view writes only what differs from what it shows. */
function show(): void {
  const { data, bounds } = timeline;
  if (data === undefined) return;
  const moments = timeline.last(header.span);
  const shown: Shown = { moments, bounds, marks: marks.all.map(({ at }) => at) };
  const rows = endpointRows(timeline.byEndpoint(moments), bounds);
  const hostsNow = hostRows(moments, bounds);
  const processesNow = processRows(moments, bounds);
  header.update(data, moments.at(-1)?.running);
  // Relative: the page may be behind a proxy that gives it another place.
  setAttribute(scrape, 'href', data.scrape.slice(1) || './');
  content.hidden = footer.hidden = false;
  empty.hidden = rows.length > 0;
  endpoints.element.hidden = rows.length === 0;
  graphs.hidden = moments.length === 0;
  outgoing.hidden = hostsNow.length === 0;
  running.hidden = processesNow.length < 2;
  tiles.update(moments, bounds);
  endpoints.update(rows);
  if (moments.length > 0) charts.update(shown);
  detail.update(shown, rows);
  changes.update();
  hosts.update(hostsNow);
  processes.update(processesNow);
}

document.documentElement.lang = language;
document.body.append(body, footer);
addEventListener('pagehide', () => marks.keep());
addEventListener('storage', ({ key }) => {
  marks.kept(key);
  show();
});
setInterval(() => marks.keep(), KEEP);
void connection.ask();
