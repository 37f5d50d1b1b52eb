import type { SystemStatus } from '@maque/contract';
import { useId } from 'preact/hooks';
import { peakOf } from '../status/peak.ts';
import type { ProcessHistory } from '../status/process-history.ts';
import { trafficOf } from '../status/traffic.ts';
import { formatCount, formatMilliseconds, formatRate } from '../text/format.ts';
import { Fact } from './fact.tsx';
import { useText } from './text-context.ts';
import { TimeChart } from './time-chart.tsx';

interface TrafficPanelProps {
  readonly status: SystemStatus;
  readonly history: ProcessHistory;
}

/** What the whole server serves. */
export function TrafficPanel({ status, history }: TrafficPanelProps) {
  const { say } = useText();
  const titleId = useId();
  const traffic = trafficOf(status);
  const rates = history.column('requestsPerSecond');
  const peak = peakOf(rates);
  return (
    <section class="panel traffic" aria-labelledby={titleId}>
      <h2 id={titleId}>{say('traffic.title')}</h2>
      <p class="headline">
        <strong>{formatRate(traffic.requestsPerSecond)}</strong>{' '}
        <span class="muted">{say('traffic.per-second')}</span>
      </p>
      <TimeChart
        label={say('traffic.chart', { now: formatRate(traffic.requestsPerSecond), peak: formatRate(peak) })}
        times={history.column('at')}
        lines={[{ name: say('traffic.per-second'), values: rates, kind: 'area' }]}
        // Headroom, so that the line never touches the frame; never below 1, or noise would fill an idle chart.
        top={Math.max(1, peak * 1.15)}
        unit={1}
        format={formatRate}
        revision={status}
        height={150}
      />
      <dl class="facts">
        <Fact name="p50" note={say('traffic.slowest')}>
          {formatMilliseconds(traffic.p50Ms)}
        </Fact>
        <Fact name="p99" note={say('traffic.slowest')}>
          {formatMilliseconds(traffic.p99Ms)}
        </Fact>
        <Fact name={say('traffic.active')}>{formatCount(traffic.activeRequests)}</Fact>
        <Fact name={say('traffic.workers')} level={traffic.workersReady < traffic.workers ? 'high' : 'calm'}>
          {traffic.workersReady} / {traffic.workers}
        </Fact>
      </dl>
    </section>
  );
}
