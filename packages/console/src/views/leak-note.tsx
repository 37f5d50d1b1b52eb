import type { LeakOutlook } from '@maque/contract';
import { formatBytes, formatPercent } from '../text/format.ts';
import { useText } from './text-context.ts';

// The probability at which alerts go out.
const URGENT = 0.9;

/** Says that a pool of memory grows, how fast, and how likely it runs out soon. */
export function LeakNote({ leak }: { readonly leak: LeakOutlook }) {
  const { say } = useText();
  const verdict = leak.verdict === 'leaking' ? 'leaking' : 'growing';
  const level = leak.probability >= URGENT ? 'over' : 'high';
  return (
    <p class={`process-leak level-${level}`} role="note">
      <strong>{say(`leak.${verdict}-${leak.pool}`)}</strong>
      <span>{say('leak.rate', { bytes: formatBytes(leak.bytesPerSecond * 60) })}</span>
      <span>{say('leak.probability', { percent: formatPercent(leak.probability) })}</span>
    </p>
  );
}
