import uPlot from 'uplot';
import { formatHourAndMinute, formatTime } from '../text/format.ts';

/** @property color a custom property of the style sheet */
export interface Line {
  readonly name: string;
  readonly color: string;
  readonly dashed?: boolean;
}

export interface ChartOptions {
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly logarithmic?: boolean;
}

/** The cursors of all charts move together. */
const CURSOR_SYNC = uPlot.sync('time');
const MINUTE_SECONDS = 60;

/**
 * The options of uPlot, with the colours of the current colour scheme.
 * @param marks    seconds since 1970, read at each drawing
 * @param onCursor called when the cursor moves
 */
export function uplotOptions(
  { lines, format, logarithmic }: ChartOptions,
  size: { readonly width: number; readonly height: number },
  { marks, onCursor }: { readonly marks: () => readonly number[]; readonly onCursor: () => void },
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: color('--quiet'), grid: { stroke: color('--grid'), width: 1 }, ticks: { show: false } };
  const fromZero: uPlot.Range.Function = (_, __, high) => [0, high > 0 ? high * 1.1 : 1];
  const timeAxis: uPlot.Axis = {
    ...axis,
    space: 70,
    size: 30,
    values: (_, ticks, __, ___, step) =>
      ticks.map((seconds) => (step < MINUTE_SECONDS ? formatTime : formatHourAndMinute)(seconds * 1000)),
  };
  const valueAxis: uPlot.Axis = {
    ...axis,
    size: 70,
    values: (_, ticks) => ticks.map((value) => (value === null ? '' : format(value))),
  };
  const series = lines.map((line) => ({
    label: line.name,
    stroke: color(line.color),
    width: 1.5,
    ...(line.dashed && { dash: [6, 4] }),
    points: { show: false },
  }));
  return {
    ...size,
    legend: { show: false },
    cursor: { sync: { key: CURSOR_SYNC.key }, drag: { x: false, y: false }, y: false },
    scales: { y: logarithmic ? { distr: 3, log: 10 } : { range: fromZero } },
    axes: [timeAxis, valueAxis],
    series: [{}, ...series],
    hooks: {
      setCursor: [onCursor],
      draw: [(plot) => drawMarks(plot, marks(), color('--text'))],
    },
  };
}

/** Draws dotted vertical lines. */
function drawMarks(plot: uPlot, marks: readonly number[], color: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.setLineDash([2, 4]);
  for (const seconds of marks) {
    const x = plot.valToPos(seconds, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
