import type { SystemStatus } from '@maque/contract';
import { useId } from 'preact/hooks';
import { budgetBar, levelOf } from '../status/budget-shares.ts';
import type { ProcessHistory } from '../status/process-history.ts';
import { formatBytes, formatLimit, formatPercent } from '../text/format.ts';
import { MemoryChart } from './memory-chart.tsx';
import { processName } from './process-name.ts';
import { useText } from './text-context.ts';
import { toneClass } from './tone.ts';

interface BudgetPanelProps {
  readonly status: SystemStatus;
  readonly history: ProcessHistory;
}

/** The whole budget and who uses it. */
export function BudgetPanel({ status, history }: BudgetPanelProps) {
  const { say } = useText();
  const titleId = useId();
  const bar = budgetBar(status);
  const used = formatBytes(status.used);
  const budget = formatLimit(status.budget);
  return (
    <section class="panel budget" aria-labelledby={titleId}>
      <h2 id={titleId}>{say('budget.title')}</h2>
      <p class="headline">
        <strong>{used}</strong> <span class="muted">{say('budget.of', { budget })}</span>
        <span class={`headline-end level-${levelOf(status.used, status.budget)}`}>
          {formatPercent(bar.usage)}
        </span>
      </p>
      <div class="budget-bar" role="img" aria-label={say('budget.bar', { used, budget })}>
        {bar.shares.map((share, place) => (
          <span
            key={share.process.id}
            class={`budget-share ${toneClass(place)}`}
            style={{ width: percent(share.part) }}
          />
        ))}
        {bar.over > 0 && <span class="budget-end" style={{ left: percent(bar.budgetEnd) }} />}
      </div>
      <ul class="budget-legend">
        {bar.shares.map((share, place) => (
          <li key={share.process.id}>
            <span class={`swatch ${toneClass(place)}`} />
            <span>{processName(share.process, say)}</span>
            <span class="number">{formatBytes(share.bytes)}</span>
          </li>
        ))}
        <li>
          <span class={`swatch ${bar.over > 0 ? 'swatch-over' : 'swatch-free'}`} />
          <span class={bar.over > 0 ? 'level-over' : ''}>
            {bar.over > 0
              ? say('budget.over-now', { bytes: formatBytes(bar.over) })
              : say('budget.free-now', { bytes: formatBytes(bar.free) })}
          </span>
        </li>
      </ul>
      <MemoryChart history={history} budget={status.budget} withHeap={false} revision={status} />
    </section>
  );
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)}%`;
}
