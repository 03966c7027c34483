import type { BoundedValue, Histogram } from '../../../base/histogram/histogram.ts';
import { isShare } from '../../../statistics/measures.ts';
import type { EndpointResult, MeasureResult } from '../../../statistics/model.ts';
import { formatSeconds } from './format.ts';
import { columnShares, createTimeAxis, drawnEnds, type TimeAxis } from './time-axis.ts';
import { describeChange, describePair, verdictWord } from './words.ts';

const WIDTH = 960;
/** Of the axis; the names of sides and measures are left of it, the changes right of it. */
const [LEFT, RIGHT] = [62, 770];
const COLUMN_WIDTH = 6;
/** Of the highest column, on each side of the middle. */
const SIDE_HEIGHT = 56;
const MIDDLE = 8 + SIDE_HEIGHT;
const AXIS_Y = MIDDLE + SIDE_HEIGHT + 8;
const FIRST_ROW_Y = AXIS_Y + 40;
const ROW_HEIGHT = 26;
/** A single request in thousands is still seen. */
const MIN_COLUMN_HEIGHT = 1.5;
const DOT_RADIUS = 5;
const ARROW = { length: 9, halfWidth: 4 };

/**
 * Both distributions on one logarithmic axis of time, before upwards and after downwards, and below them how far each percentile and
 * the mean moved. @returns an empty text without timed requests
 */
export function distributionSvg({ histograms, measures }: EndpointResult): string {
  const axis = createTimeAxis(histograms, LEFT, RIGHT);
  if (axis === undefined) return '';
  const columns = Array.from(
    { length: Math.ceil((RIGHT - LEFT) / COLUMN_WIDTH) + 1 },
    (_, i) => LEFT + i * COLUMN_WIDTH,
  );
  const shares = histograms.map((histogram: Histogram) => columnShares(histogram, axis, columns));
  const highest = Math.max(...shares.flat());
  const areas = shares.map((side, i) => drawArea(side, columns, highest, i === 0 ? -1 : 1, i === 0 ? 'b' : 'a'));
  const moved = measures.filter((one) => !isShare(one.measure) && one.before !== undefined && one.after !== undefined);
  const height = FIRST_ROW_Y + moved.length * ROW_HEIGHT - 8;
  const gridEnd = height - 6;
  const grid = axis.ticks.map(
    (tick) =>
      `<line class="g" x1="${round(axis.x(tick))}" y1="8" x2="${round(axis.x(tick))}" y2="${gridEnd}"/><text class="m" x="${round(axis.x(tick))}" y="${AXIS_Y + 12}">${formatSeconds(tick)}</text>`,
  );
  const rows = moved.map((one, i) => drawChange(one, axis, FIRST_ROW_Y + i * ROW_HEIGHT));
  return `<figure tabindex="0"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${describeDrawing(moved)}">
${grid.join('')}
${areas.join('')}<line class="e" x1="${LEFT}" y1="${MIDDLE}" x2="${RIGHT}" y2="${MIDDLE}"/>
<text x="0" y="${MIDDLE - 10}">before</text><text x="0" y="${MIDDLE + 18}">after</text>
<text x="${RIGHT + 34}" y="${AXIS_Y + 12}">ring: before; dot: after</text>
${rows.join('\n')}
</svg></figure>`;
}

/** The columns of one side, from the middle up (-1) or down (1). */
function drawArea(
  shares: readonly number[],
  columns: readonly number[],
  highest: number,
  direction: 1 | -1,
  className: string,
): string {
  const steps = shares.map((share, i) => {
    const height = share > 0 ? Math.max(MIN_COLUMN_HEIGHT, (SIDE_HEIGHT * share) / highest) : 0;
    return `V${round(MIDDLE + direction * height)}H${columns[i + 1]}`;
  });
  return `<path class="${className}" d="M${LEFT} ${MIDDLE}${steps.join('')}V${MIDDLE}Z"/>`;
}

/** One measure: a ring for before, a dot for after, and an arrow between them; bars where only a bucket is known. */
function drawChange(one: MeasureResult, { x }: TimeAxis, y: number): string {
  const [before, after] = [one.before, one.after] as [BoundedValue, BoundedValue];
  const [from, to] = [before, after].map((value) => x(middleOf(value))) as [number, number];
  const bars = [before, after].map((value, i) => {
    const [start, end] = drawnEnds(value).map(x) as [number, number];
    const top = i === 0 ? y - 6 : y + 3;
    return end - start > 2 * DOT_RADIUS
      ? `<rect class="${i === 0 ? 'b' : 'a'}" x="${round(start)}" y="${top}" width="${round(end - start)}" height="3"/>`
      : '';
  });
  const text = `${describeChange(one)[0]} ${verdictWord(one)}`.trim();
  return `<g class="${one.verdict.replaceAll(' ', '-')}"><text x="0" y="${y + 4}">${one.measure}</text>${bars.join('')}${drawArrow(from, to, y)}<circle class="ring" cx="${round(from)}" cy="${y}" r="${DOT_RADIUS}"/><circle class="dot" cx="${round(to)}" cy="${y}" r="${DOT_RADIUS - 1}"/><text class="v" x="${RIGHT + 14}" y="${y + 4}">${text}</text></g>`;
}

function drawArrow(from: number, to: number, y: number): string {
  const direction = Math.sign(to - from);
  const [start, tip] = [from + direction * DOT_RADIUS, to - direction * DOT_RADIUS];
  if ((tip - start) * direction < ARROW.length) return '';
  const base = tip - direction * ARROW.length;
  return `<line class="arrow" x1="${round(start)}" y1="${y}" x2="${round(base)}" y2="${y}"/><path class="head" d="M${round(tip)} ${y}L${round(base)} ${y - ARROW.halfWidth}V${y + ARROW.halfWidth}Z"/>`;
}

/** The best guess; within the drawing also where it is above the top bound. */
const middleOf = ({ value, low, high }: BoundedValue): number =>
  Number.isFinite(value) ? value : Math.sqrt(low * drawnEnds({ low, high })[1]);

const describeDrawing = (moved: readonly MeasureResult[]): string =>
  [
    'Distribution of the durations, before and after',
    ...moved.map((one) => `${one.measure} ${describePair(one, 'to')}`),
  ]
    .join('; ')
    .replaceAll('>', 'over');

const round = (value: number): number => Math.round(value * 10) / 10;
