import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatClock } from '../text/format.ts';
import { type ChartInput, chartData, chartOptions } from './chart-options.ts';

export interface TimeChartProps extends ChartInput {
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
  /** Changes with every new sample. */
  readonly revision: unknown;
}

export type { ChartLine } from './chart-options.ts';

/** Lines over the last 15 minutes. Pointing at a moment shows its values, in all charts of the page at once. */
export function TimeChart(props: TimeChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef<ChartInput>(props);
  latest.current = props;
  const [pointed, setPointed] = useState<number | null>(null);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const options = chartOptions(element, () => latest.current, setPointed);
    const created = new uPlot(options, chartData(latest.current), element);
    chart.current = created;
    const resizing = new ResizeObserver(() =>
      created.setSize({ width: element.clientWidth, height: latest.current.height }),
    );
    resizing.observe(element);
    // The colours come from the style sheet, which a canvas does not follow by itself.
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const onSchemeChange = () => created.redraw();
    dark.addEventListener('change', onSchemeChange);
    return () => {
      dark.removeEventListener('change', onSchemeChange);
      resizing.disconnect();
      created.destroy();
    };
  }, []);

  useEffect(() => {
    chart.current?.setData(chartData(latest.current));
  }, [props.revision]);

  const shown = pointed ?? props.times.length - 1;
  const moment = props.times[shown];
  return (
    <figure class="chart">
      <div ref={host} role="img" aria-label={props.label} />
      <figcaption aria-hidden="true">
        {props.lines.map((line) => (
          <Entry key={line.kind} kind={line.kind} name={line.name}>
            {props.format(line.values[shown] ?? Number.NaN)}
          </Entry>
        ))}
        {props.limit !== undefined && <Entry kind="limit" name={props.limit.name} />}
        {moment !== undefined && <span class="chart-moment number">{formatClock(moment * 1_000)}</span>}
      </figcaption>
    </figure>
  );
}

interface EntryProps {
  readonly kind: string;
  readonly name: string;
  readonly children?: ComponentChildren;
}

function Entry({ kind, name, children }: EntryProps) {
  return (
    <span class="chart-entry">
      <span class={`stroke stroke-${kind}`} />
      {name} <span class="number">{children}</span>
    </span>
  );
}
