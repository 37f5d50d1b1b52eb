import type { Capacity } from './capacity.ts';
import { scarcestOf } from './scarcest.ts';

/** What so many boxes of a kind carry together; behind a balancer they share one line. */
export function severalBoxes(one: Capacity, boxes: number, sharedLine: boolean): Capacity {
  const { dauByResource: dau, qpsByResource: qps } = one;
  const lines = sharedLine ? 1 : boxes;
  return {
    ...one,
    ...scarcestOf(
      {
        memory: dau.memory * boxes,
        cpu: dau.cpu * boxes,
        bandwidth: dau.bandwidth * lines,
        disk: dau.disk * boxes,
      },
      { memory: qps.memory * boxes, cpu: qps.cpu * boxes, bandwidth: qps.bandwidth * lines },
    ),
    sockets: one.sockets * boxes,
  };
}
