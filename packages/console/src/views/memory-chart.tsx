import { peakOf } from '../status/peak.ts';
import type { ProcessHistory } from '../status/process-history.ts';
import { formatBytes, formatLimit } from '../text/format.ts';
import { useText } from './text-context.ts';
import { type ChartLine, TimeChart } from './time-chart.tsx';

interface MemoryChartProps {
  readonly history: ProcessHistory;
  readonly budget: number;
  /** Whether there are a heap and what of it survived collections to show, as of one process. */
  readonly withHeap: boolean;
  readonly revision: unknown;
}

const MiB = 1024 * 1024;

/** Memory over time against its budget. */
export function MemoryChart({ history, budget, withHeap, revision }: MemoryChartProps) {
  const { say } = useText();
  const memory = history.column('memory');
  const peak = peakOf(memory);
  const lines: ChartLine[] = [
    { name: say(withHeap ? 'process.memory' : 'budget.in-use'), values: memory, kind: 'area' },
  ];
  if (withHeap) {
    lines.push(
      { name: say('process.heap-used'), values: history.column('heapUsed'), kind: 'line' },
      { name: say('process.heap-floor-short'), values: history.column('heapFloor'), kind: 'dots' },
    );
  }
  return (
    <TimeChart
      label={say('budget.chart', {
        now: formatBytes(memory.at(-1) ?? null),
        peak: formatBytes(peak),
        budget: formatLimit(budget),
      })}
      times={history.column('at')}
      lines={lines}
      limit={{ name: say('budget.line'), value: budget }}
      marks={history.restarts}
      // The budget's line stays clear of the frame.
      top={Math.max(budget, peak, MiB) * 1.08}
      unit={MiB}
      format={formatBytes}
      revision={revision}
      height={150}
    />
  );
}
