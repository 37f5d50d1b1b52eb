import { type Capacity, RESOURCES } from './capacity.ts';
import { BUSY_SHARE } from './cpu-costs.ts';

/** Of a line that is sold as so many Mbit/s: TCP, TLS and retransmissions take the rest. */
export const LINE_SHARE = 0.8;

type Sum = Pick<Capacity, 'qps' | 'saturatedQps' | 'dau' | 'first' | 'dauByResource' | 'qpsByResource'>;

/** What is carried together is what the scarcest carries. */
export function scarcestOf(
  dauByResource: Capacity['dauByResource'],
  qpsByResource: Capacity['qpsByResource'],
): Sum {
  const first = RESOURCES.reduce((least, each) =>
    dauByResource[each] < dauByResource[least] ? each : least,
  );
  const { cpu, memory, bandwidth } = qpsByResource;
  return {
    qps: Math.min(cpu, memory, bandwidth),
    saturatedQps: Math.min(cpu / BUSY_SHARE, memory, bandwidth / LINE_SHARE),
    dau: dauByResource[first],
    first,
    dauByResource,
    qpsByResource,
  };
}
