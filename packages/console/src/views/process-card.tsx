import type { ProcessStatus } from '@maque/contract';
import { useId } from 'preact/hooks';
import { levelOf } from '../status/budget-shares.ts';
import { memoryOf, type ProcessHistory } from '../status/process-history.ts';
import {
  formatBytes,
  formatLimit,
  formatMilliseconds,
  formatPercent,
  formatRate,
  formatUptime,
  unknown,
} from '../text/format.ts';
import { Fact } from './fact.tsx';
import { LeakNote } from './leak-note.tsx';
import { MemoryChart } from './memory-chart.tsx';
import { processName } from './process-name.ts';
import { useText } from './text-context.ts';
import { toneClass } from './tone.ts';

interface ProcessCardProps {
  readonly process: ProcessStatus;
  /** The server's time of the report. */
  readonly at: string;
  readonly tone: number;
  readonly history: ProcessHistory | undefined;
}

export function ProcessCard({ process, at, tone, history }: ProcessCardProps) {
  const { say } = useText();
  const titleId = useId();
  const memory = memoryOf(process);
  const { restarts } = process;
  const uptime = formatUptime(Date.parse(at) - Date.parse(process.startedAt), say);
  return (
    <li class={`panel process ${toneClass(tone)} is-${process.state}`} aria-labelledby={titleId}>
      <div class="process-head">
        <h3 id={titleId}>
          <span class="swatch" /> {processName(process, say)}
        </h3>
        <span class={`state state-${process.state}`}>{say(`state.${process.state}`)}</span>
      </div>
      <p class="process-facts muted">
        <span>{say('process.pid', { pid: process.pid })}</span>
        <span>{say('process.uptime', { time: uptime })}</span>
        <span class={restarts > 0 ? 'level-high' : ''}>
          {restarts === 0
            ? say('process.restarts-0')
            : restarts === 1
              ? say('process.restarts-1')
              : say('process.restarts', { count: restarts })}
        </span>
      </p>
      <p class="headline">
        <strong>{formatBytes(memory)}</strong>{' '}
        <span class="muted">{say('budget.of', { budget: formatLimit(process.budget) })}</span>
        <span class={`headline-end level-${levelOf(memory, process.budget)}`}>
          {process.budget > 0 && formatPercent(memory / process.budget)}
        </span>
      </p>
      {process.leak !== null && <LeakNote leak={process.leak} />}
      {history !== undefined && (
        <MemoryChart history={history} budget={process.budget} withHeap revision={at} />
      )}
      <ProcessFacts process={process} />
    </li>
  );
}

function ProcessFacts({ process }: { readonly process: ProcessStatus }) {
  const { say } = useText();
  const { heapFloor, heapLimit, requestsPerSecond, activeRequests } = process;
  // A process that serves nobody, such as the keeper, has no row of requests rather than a row of dashes.
  const serves = process.role === 'worker';
  return (
    <dl class="facts">
      <Fact name={say('process.heap-used')}>{formatBytes(process.heapUsed)}</Fact>
      <Fact
        name={say('process.heap-floor')}
        level={heapFloor === null || heapLimit === null ? 'calm' : levelOf(heapFloor, heapLimit)}
      >
        {formatBytes(heapFloor)}
      </Fact>
      <Fact name={say('process.heap-limit')}>{formatLimit(heapLimit)}</Fact>
      <Fact name={say('process.external')}>{formatBytes(process.external)}</Fact>
      <Fact name={say('process.loop-delay')}>{formatMilliseconds(process.loopDelayP99Ms)}</Fact>
      <Fact name={say('process.loop-busy')}>{formatPercent(process.loopUtilization)}</Fact>
      {serves && (
        <>
          <Fact
            name={say('process.requests')}
            note={activeRequests === null ? undefined : say('traffic.active-now', { count: activeRequests })}
          >
            {requestsPerSecond === null
              ? unknown
              : say('process.per-second', { rate: formatRate(requestsPerSecond) })}
          </Fact>
          <Fact name="p50">{formatMilliseconds(process.p50Ms)}</Fact>
          <Fact name="p99">{formatMilliseconds(process.p99Ms)}</Fact>
        </>
      )}
    </dl>
  );
}
