import { type Bytes, formatBytes, GiB, MiB, type TextData } from '@maque/kit';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import { APP_KINDS, DATABASE_KINDS, type ServiceRequest } from '../box/service-request.ts';
import { formatBandwidth } from '../format-bandwidth.ts';
import { type Capacity, type Demand, type PlanVerdict, VERDICTS, type VerdictReason } from './capacity.ts';
import { DISK_DAYS } from './capacity-of.ts';
import { formatQps, thousands } from './short-number.ts';
import { REASONS, RESOURCE_WORDS, type ReasonCode } from './verdict-reasons.ts';

// Above this part of what the box carries a busy day, a slow query or a neighbour makes it too much.
const NEAR_SHARE = 0.6;
// Who looks at the disk once a month still sees it coming.
const DISK_SOON_DAYS = 30;
const VIDEO_BITS_PER_SECOND = 1e6;
// A heap of 700 MiB and a pool of 350 fit there beside an app; on 2 GiB both are at their least.
const ROOMY_FOR_JAVA: Bytes = 4 * GiB;

/** Whether to run this load on this box, with every ground for it. */
export function verdictOf(plan: BoxPlan, demand: Demand, capacity: Capacity): PlanVerdict {
  return judged([
    ...ofRequests(demand, capacity),
    ...ofSockets(demand, capacity),
    ...ofDisk(capacity),
    ...ofMemory(plan),
    ...ofServices(plan),
    ...ofProgram(plan),
    ...whatIsNotKnown(plan, demand),
  ]);
}

/** A sum that does not fit needs no further ground, but for the one that is met most often. */
export function verdictOfMisfit({ neededBytes, availableBytes, within, request }: BoxMisfit): PlanVerdict {
  const data = { needed: formatBytes(neededBytes), available: formatBytes(availableBytes) };
  return judged([
    ...(within === null
      ? [reason('DOES_NOT_FIT', data)]
      : [reason('BUDGET_TOO_SMALL', { ...data, service: within })]),
    ...request.services.flatMap((service) => ofToldHeap(service, availableBytes)),
  ]);
}

/** Half of the box in the heaps of one program: whoever tells so much takes a bound for a gift. */
function ofToldHeap(service: ServiceRequest, availableBytes: Bytes): VerdictReason[] {
  if ((service.kind !== 'node' && service.kind !== 'maque') || service.oldSpaceMb === undefined) return [];
  const workers = service.workers ?? 1;
  const heapBytes = workers * service.oldSpaceMb * MiB;
  if (heapBytes <= availableBytes / 2) return [];
  return [
    reason('HEAP_TOLD_TOO_LARGE', {
      service: service.name,
      heap: formatBytes(service.oldSpaceMb * MiB),
      workers,
      all: formatBytes(heapBytes),
    }),
  ];
}

function judged(reasons: readonly VerdictReason[]): PlanVerdict {
  const order = ['do-not', 'with-care', 'note'] as const;
  const worst = VERDICTS.findLast((each) => reasons.some(({ weight }) => weight === each)) ?? 'fine';
  return {
    verdict: worst,
    reasons: order.flatMap((each) => reasons.filter(({ weight }) => weight === each)),
  };
}

function reason(code: ReasonCode, data: TextData = {}): VerdictReason {
  return { code, ...REASONS[code], data };
}

function ofRequests({ peakQps }: Demand, { qpsByResource }: Capacity): VerdictReason[] {
  return (['cpu', 'bandwidth', 'memory'] as const).flatMap((resource) => {
    const share = peakQps / qpsByResource[resource];
    if (!(share > NEAR_SHARE)) return [];
    return reason(share > 1 ? 'QPS_OVER' : 'QPS_NEAR', {
      peak: formatQps(peakQps),
      capacity: formatQps(qpsByResource[resource]),
      resource: RESOURCE_WORDS[resource],
      share: percent(share),
    });
  });
}

function ofSockets({ sockets }: Demand, capacity: Capacity): VerdictReason[] {
  const share = sockets === 0 ? 0 : sockets / capacity.sockets;
  if (!(share > NEAR_SHARE)) return [];
  const data = {
    sockets: thousands(sockets),
    capacity: thousands(capacity.sockets),
    share: percent(share),
  };
  return [reason(share > 1 ? 'SOCKETS_OVER' : 'SOCKETS_NEAR', data)];
}

function ofDisk({ diskDays }: Capacity): VerdictReason[] {
  if (diskDays >= DISK_DAYS) return [];
  const code = diskDays < DISK_SOON_DAYS ? 'DISK_SOON_FULL' : 'DISK_FULL';
  return [reason(code, { days: Math.max(1, Math.ceil(diskDays)) })];
}

function ofMemory(plan: BoxPlan): VerdictReason[] {
  // Errors of parts that were measured apart do not all fall on the same side: their squares add up.
  const error = Math.sqrt(plan.lines.reduce((sum, { errorBytes }) => sum + errorBytes ** 2, 0));
  // A third of the reserve is for what no sum foresees; the rest is the page cache that a database lives on.
  if (error <= plan.freeBytes + plan.reserveBytes / 3) return [];
  return [reason('MEMORY_TIGHT', { error: formatBytes(error), free: formatBytes(plan.freeBytes) })];
}

function ofServices({ services, request: { box } }: BoxPlan): VerdictReason[] {
  const hasDatabase = services.some(({ kind }) => DATABASE_KINDS.has(kind));
  const hasJava = services.some(({ kind }) => kind === 'java');
  const hasApp = services.some(({ kind }) => APP_KINDS.has(kind));
  return [
    ...(hasDatabase && hasApp && box.cores === 1 ? [reason('ONE_CORE_WITH_DATABASE')] : []),
    ...(hasJava && hasDatabase && box.memoryBytes < ROOMY_FOR_JAVA
      ? [reason('JAVA_BESIDE_DATABASE', { memory: formatBytes(box.memoryBytes) })]
      : []),
    ...(box.swapBytes === 0 && box.bound === 'box' ? [reason('NO_SWAP')] : []),
    ...services.flatMap((service) => {
      if (service.kind === 'maque' && service.budget.workers === 1 && !service.budget.spareFits)
        return reason('WORKER_GAP');
      if (service.kind === 'python' && service.request.server === 'gunicorn')
        return reason('SYNC_WORKERS', { service: service.request.name, workers: service.workers });
      return [];
    }),
  ];
}

function ofProgram({ request: { load, box } }: BoxPlan): VerdictReason[] {
  const bits = box.bandwidthBitsPerSecond;
  return [
    ...(load.program === 'live' && bits !== undefined
      ? [
          reason('LIVE_VIDEO', {
            bandwidth: formatBandwidth(bits),
            viewers: Math.floor(bits / VIDEO_BITS_PER_SECOND),
          }),
        ]
      : []),
    ...(load.payments === true ? [reason('PAYMENTS_ONE_BOX')] : []),
  ];
}

function whatIsNotKnown({ request }: BoxPlan, { dau, dauSource }: Demand): VerdictReason[] {
  const { box, calibration } = request;
  return [
    ...(dauSource === 'assumed' ? [reason('DAU_ASSUMED', { dau: thousands(dau) })] : []),
    ...(box.bandwidthBitsPerSecond === undefined ? [reason('BANDWIDTH_UNKNOWN')] : []),
    ...(box.diskBytes === undefined ? [reason('DISK_UNKNOWN')] : []),
    ...(calibration?.cpuMicrosPerRequest === undefined ? [reason('NOT_CALIBRATED')] : []),
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
