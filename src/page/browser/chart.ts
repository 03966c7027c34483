import uPlot from 'uplot';
import { h, setAttribute, setText } from './dom.ts';
import { clock, hourAndMinute } from './format.ts';
import { words } from './words.ts';

export interface Line {
  readonly name: string;
  /** A custom property of the style sheet. */
  readonly color: string;
  readonly dashed?: boolean;
}

export interface ChartOptions {
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly logarithmic?: boolean;
}

/**
 * What is drawn: seconds since 1970, a row of values for each line, and moments to be marked.
 * @property top where infinite values are drawn: all that is known of them is that they are above
 */
export interface Drawing {
  readonly title: string;
  readonly times: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
  readonly marks: readonly number[];
  readonly top: number;
}

const HEIGHT = 170;
/** All charts show the same moment. */
const SYNC = uPlot.sync('moment');
const dark = matchMedia('(prefers-color-scheme: dark)');

/** A chart with its legend, which shows what is under the cursor, or else the last values. */
export class Chart {
  readonly element: HTMLElement;
  readonly #options: ChartOptions;
  readonly #title = h('figcaption');
  readonly #canvas: HTMLElement;
  readonly #legend: HTMLElement[];
  readonly #moment = h('span', { class: 'moment' });
  #plot: uPlot | undefined;
  #drawing: Drawing | undefined;

  constructor(options: ChartOptions) {
    this.#options = options;
    const move = (event: Event) => this.#move(event as KeyboardEvent);
    this.#canvas = h('div', { class: 'plot', tabindex: '0', role: 'img', onkeydown: move });
    this.#legend = options.lines.map(() => h('b'));
    const items = options.lines.map(({ name, color, dashed }, i) => {
      const swatch = h('i', { class: dashed ? 'swatch dashed' : 'swatch' });
      swatch.style.setProperty('--line', `var(${color})`);
      return h('li', {}, swatch, `${name} `, this.#legend[i] as HTMLElement);
    });
    this.element = h(
      'figure',
      {},
      this.#title,
      this.#canvas,
      h('ul', { class: 'legend' }, ...items, h('li', {}, this.#moment)),
    );
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#canvas);
    dark.addEventListener('change', () => this.#draw());
  }

  update(drawing: Drawing): void {
    this.#drawing = drawing;
    setText(this.#title, drawing.title);
    if (this.#plot === undefined) this.#draw();
    else this.#plot.setData(aligned(drawing));
    this.#show();
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(this.#canvas.clientWidth, 100), height: HEIGHT };
  }

  #draw(): void {
    if (this.#drawing === undefined) return;
    this.#plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const { lines, format, logarithmic } = this.#options;
    const axis = { stroke: color('--quiet'), grid: { stroke: color('--grid'), width: 1 }, ticks: { show: false } };
    const range: uPlot.Range.Function = (_, __, high) => [0, high > 0 ? high * 1.1 : 1];
    this.#plot = new uPlot(
      {
        ...this.#size(),
        legend: { show: false },
        cursor: { sync: { key: SYNC.key }, drag: { x: false, y: false }, y: false },
        scales: { y: logarithmic ? { distr: 3, log: 10 } : { range } },
        axes: [
          {
            ...axis,
            space: 70,
            size: 30,
            values: (_, splits, __, ___, step) => splits.map((at) => (step < 60 ? clock : hourAndMinute)(at * 1000)),
          },
          { ...axis, size: 70, values: (_, splits) => splits.map((value) => (value === null ? '' : format(value))) },
        ],
        series: [
          {},
          ...lines.map(({ name, color: of, dashed }) => ({
            label: name,
            stroke: color(of),
            width: 1.5,
            ...(dashed && { dash: [6, 4] }),
            points: { show: false },
          })),
        ],
        hooks: { setCursor: [() => this.#show()], draw: [(plot) => this.#drawMarks(plot, color('--text'))] },
      },
      aligned(this.#drawing),
      this.#canvas,
    );
  }

  #drawMarks(plot: uPlot, color: string): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = color;
    ctx.setLineDash([2, 4]);
    for (const at of this.#drawing?.marks ?? []) {
      const x = plot.valToPos(at, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  #show(): void {
    if (this.#drawing === undefined) return;
    const { title, times, values, top } = this.#drawing;
    const format = (value: number) =>
      Number.isFinite(value) ? this.#options.format(value) : words.over(this.#options.format(top));
    const at = this.#plot?.cursor.idx ?? times.length - 1;
    const said = values.map((line, i) => {
      const value = line[at];
      const text = value === null || value === undefined ? words.noValue : format(value);
      setText(this.#legend[i] as HTMLElement, text);
      return `${this.#options.lines[i]?.name} ${text}`;
    });
    const moment = times[at] === undefined ? '' : clock(times[at] * 1000);
    setText(this.#moment, moment);
    setAttribute(this.#canvas, 'aria-label', `${title}. ${moment}: ${said.join(', ')}. ${words.chartHint}`);
  }

  #move(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const plot = this.#plot;
    if (step === undefined || plot === undefined || this.#drawing === undefined) return;
    event.preventDefault();
    const { times } = this.#drawing;
    const at = Math.min(Math.max((plot.cursor.idx ?? times.length) + step, 0), times.length - 1);
    plot.setCursor({ left: plot.valToPos(times[at] as number, 'x'), top: 0 });
  }
}

const aligned = ({ times, values, top }: Drawing): uPlot.AlignedData =>
  [
    times,
    ...values.map((line) => line.map((value) => (value === Number.POSITIVE_INFINITY ? top : value))),
  ] as unknown as uPlot.AlignedData;
