import type uPlot from 'uplot';
import { axisTicks, gapsIn } from '../status/chart-scale.ts';
import { windowSeconds } from '../status/status-history.ts';

export interface ChartLine {
  readonly name: string;
  readonly values: Float64Array;
  readonly kind: 'area' | 'line' | 'dots';
}

export interface ChartInput {
  /** Seconds since the epoch, ascending. */
  readonly times: Float64Array;
  readonly lines: readonly ChartLine[];
  readonly limit?: { readonly name: string; readonly value: number };
  /** Moments worth a mark, in seconds since the epoch. */
  readonly marks?: readonly number[];
  /** The upper end of the value axis. */
  readonly top: number;
  /** What round numbers on the value axis are multiples of. */
  readonly unit: number;
  readonly format: (value: number) => string;
  readonly height: number;
}

const font = '11px system-ui, sans-serif';

export function chartData(input: ChartInput): uPlot.AlignedData {
  return [input.times, ...input.lines.map((line) => line.values)];
}

/**
 * uPlot's options for one chart. Ranges and colours are asked for at each drawing, so that a chart lives as long as
 * its card does.
 */
export function chartOptions(
  element: HTMLElement,
  latest: () => ChartInput,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const color = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const grid = { stroke: () => color('--line'), width: 1 };
  return {
    width: element.clientWidth,
    height: latest().height,
    // Room at the right for half of the newest moment's label.
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7 },
      sync: { key: 'time', scales: ['x', null] },
    },
    scales: {
      x: { range: () => timeRange(latest().times) },
      y: { range: () => [0, latest().top] },
    },
    series: [{}, ...latest().lines.map((line) => seriesOf(line, color))],
    axes: [
      {
        stroke: () => color('--muted'),
        font,
        grid,
        ticks: { show: false },
        size: 22,
        incrs: [60, 300],
        space: 70,
        values: (_chart, splits) => splits.map(clockTime),
      },
      {
        stroke: () => color('--muted'),
        font,
        grid,
        ticks: { show: false },
        size: 58,
        splits: () => axisTicks(latest().top, latest().unit),
        values: (_chart, splits) =>
          splits.map((value) => (value === 0 ? '0' : latest().format(value).replace('.0', ''))),
      },
    ],
    hooks: {
      draw: [(chart) => drawLimit(chart, latest(), color), (chart) => drawMarks(chart, latest(), color)],
      setCursor: [(chart) => onPoint(chart.cursor.idx ?? null)],
    },
  };
}

function seriesOf(line: ChartLine, color: (name: string) => string): uPlot.Series {
  const stroke = () => color(line.kind === 'area' ? '--tone' : '--ink');
  return {
    stroke,
    width: line.kind === 'area' ? 2 : 1.25,
    points: { show: false },
    // Half pixels keep a slope smooth; uPlot would round each point and draw stairs.
    pxAlign: 0,
    gaps: (chart, _series, from, to) =>
      gapsIn(chart.data[0], from, to).map(([start, end]) => [
        chart.valToPos(start, 'x', true),
        chart.valToPos(end, 'x', true),
      ]),
    ...(line.kind === 'area' ? { fill: () => color('--tone-soft') } : {}),
    ...(line.kind === 'dots' ? { dash: [1.5, 3.5], cap: 'round' } : {}),
  };
}

// The newest moment is always at the right edge; a page that was just opened fills from there.
function timeRange(times: Float64Array): [number, number] {
  const end = times.at(-1) ?? Date.now() / 1_000;
  return [end - windowSeconds, end];
}

function clockTime(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

function drawLimit(chart: uPlot, input: ChartInput, color: (name: string) => string): void {
  if (input.limit === undefined || input.limit.value <= 0) return;
  const y = chart.valToPos(input.limit.value, 'y', true);
  const { left, width } = chart.bbox;
  dashedLine(chart.ctx, color('--limit'), [6, 4], [left, y], [left + width, y]);
}

function drawMarks(chart: uPlot, input: ChartInput, color: (name: string) => string): void {
  const { top, height, left } = chart.bbox;
  for (const mark of input.marks ?? []) {
    const x = chart.valToPos(mark, 'x', true);
    if (x < left) continue;
    dashedLine(chart.ctx, color('--high'), [2, 3], [x, top], [x, top + height]);
  }
}

type Point = readonly [x: number, y: number];

function dashedLine(
  context: CanvasRenderingContext2D,
  stroke: string,
  dash: readonly number[],
  from: Point,
  to: Point,
): void {
  const scale = devicePixelRatio;
  context.save();
  context.strokeStyle = stroke;
  context.lineWidth = 1.25 * scale;
  context.setLineDash(dash.map((length) => length * scale));
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
  context.restore();
}
