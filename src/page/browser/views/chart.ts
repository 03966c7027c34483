import uPlot from 'uplot';
import { formatTime } from '../text/format.ts';
import { words } from '../text/words.ts';
import { h, setAttribute, setText } from './dom.ts';
import { type ChartOptions, uplotOptions } from './uplot-options.ts';

/**
 * @property times  in seconds since 1970
 * @property values a row for each line
 * @property marks  where to draw vertical lines
 */
export interface ChartData {
  readonly title: string;
  readonly times: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
  readonly marks: readonly number[];
}

const CHART_HEIGHT_PX = 170;
const MIN_CHART_WIDTH_PX = 100;
const darkMode = matchMedia('(prefers-color-scheme: dark)');

/** A chart whose legend shows the values under the cursor, or else the last values. */
export class Chart {
  readonly element: HTMLElement;
  readonly #options: ChartOptions;
  readonly #title = h('figcaption');
  readonly #canvas: HTMLElement;
  readonly #legendValues: HTMLElement[];
  readonly #legendTime = h('span', { class: 'quiet' });
  #plot: uPlot | undefined;
  #data: ChartData | undefined;

  constructor(options: ChartOptions) {
    this.#options = options;
    const onkeydown = (event: Event) => this.#moveCursor(event as KeyboardEvent);
    this.#canvas = h('div', { class: 'plot', tabindex: '0', role: 'img', onkeydown });
    this.#legendValues = options.lines.map(() => h('b'));
    const items = options.lines.map(({ name, color, dashed }, i) => {
      const swatch = h('i', { class: dashed ? 'swatch dashed' : 'swatch' });
      swatch.style.setProperty('--line', `var(${color})`);
      return h('li', {}, swatch, `${name} `, this.#legendValues[i] as HTMLElement);
    });
    const legend = h('ul', { class: 'legend' }, ...items, h('li', {}, this.#legendTime));
    this.element = h('figure', {}, this.#title, this.#canvas, legend);
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#canvas);
    darkMode.addEventListener('change', () => this.#recreate());
  }

  update(data: ChartData): void {
    this.#data = data;
    setText(this.#title, data.title);
    if (this.#plot === undefined) this.#recreate();
    else this.#plot.setData(alignedData(data));
    this.#updateLegend();
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(this.#canvas.clientWidth, MIN_CHART_WIDTH_PX), height: CHART_HEIGHT_PX };
  }

  /** uPlot reads the colours once, so that another colour scheme needs another plot. */
  #recreate(): void {
    if (this.#data === undefined) return;
    this.#plot?.destroy();
    const options = uplotOptions(this.#options, this.#size(), {
      marks: () => this.#data?.marks ?? [],
      onCursor: () => this.#updateLegend(),
    });
    this.#plot = new uPlot(options, alignedData(this.#data), this.#canvas);
  }

  #updateLegend(): void {
    if (this.#data === undefined) return;
    const { title, times, values } = this.#data;
    const { lines, format } = this.#options;
    const index = this.#plot?.cursor.idx ?? times.length - 1;
    const readings = lines.map(({ name }, i) => {
      const value = values[i]?.[index] ?? null;
      const text = value === null ? words.noValue : format(value);
      setText(this.#legendValues[i] as HTMLElement, text);
      return `${name} ${text}`;
    });
    const time = times[index] === undefined ? '' : formatTime(times[index] * 1000);
    setText(this.#legendTime, time);
    setAttribute(this.#canvas, 'aria-label', `${title}. ${time}: ${readings.join(', ')}. ${words.chartHint}`);
  }

  #moveCursor(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const plot = this.#plot;
    if (step === undefined || plot === undefined || this.#data === undefined) return;
    event.preventDefault();
    const { times } = this.#data;
    const index = Math.min(Math.max((plot.cursor.idx ?? times.length) + step, 0), times.length - 1);
    plot.setCursor({ left: plot.valToPos(times[index] as number, 'x'), top: 0 });
  }
}

const alignedData = ({ times, values }: ChartData): uPlot.AlignedData =>
  [times, ...values] as unknown as uPlot.AlignedData;
