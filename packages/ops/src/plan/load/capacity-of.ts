import { type Bytes, formatBytes } from '@maque/kit';
import type { BoxPlan } from '../box/box-plan.ts';
import { formatBandwidth } from '../format-bandwidth.ts';
import { appRooms, proxySockets } from './app-room.ts';
import type { Capacity, Demand } from './capacity.ts';
import { BUSY_SHARE } from './cpu-costs.ts';
import { heldByDatabase } from './database-elsewhere.ts';
import { REQUEST_SECONDS } from './program-habits.ts';
import { requestCosts } from './request-costs.ts';
import { LINE_SHARE, scarcestOf } from './scarcest.ts';
import { shortNumber } from './short-number.ts';

const MICROS = 1e6;
/** A disk should hold this long without anybody looking: half a year. */
export const DISK_DAYS = 180;

/** What one resource carries by itself. */
interface Carries {
  readonly dau: number;
  readonly qps: number;
  readonly formula: string;
}

/** What the box carries of this demand, and what runs out first when it grows as it is. */
export function capacityOf(plan: BoxPlan, demand: Demand): Capacity {
  const { box } = plan.request;
  const cpu = byCpu(plan, demand);
  const memory = byMemory(plan, demand);
  const bandwidth = byBandwidth(box.bandwidthBitsPerSecond, demand);
  const disk = byDisk(box.diskBytes, demand);
  const capacity: Capacity = {
    ...scarcestOf(
      {
        memory: Math.floor(memory.dau),
        cpu: Math.floor(cpu.dau),
        bandwidth: Math.floor(bandwidth.dau),
        disk: Math.floor(disk.dau),
      },
      { memory: memory.qps, cpu: cpu.qps, bandwidth: bandwidth.qps },
    ),
    sockets: socketsOf(plan),
    cpuMicrosPerRequest: cpu.micros,
    diskDays: (box.diskBytes ?? Number.POSITIVE_INFINITY) / demand.diskBytesPerDay,
    formulas: {
      memory: memory.formula,
      cpu: cpu.formula,
      bandwidth: bandwidth.formula,
      disk: disk.formula,
    },
  };
  return heldByDatabase(capacity, demand, plan.request);
}

/** Users of a day whose peak is so many requests a second. */
function usersBy(qps: number, { dau, peakQps }: Demand): number {
  return peakQps === 0 ? Number.POSITIVE_INFINITY : (qps * dau) / peakQps;
}

function byCpu(plan: BoxPlan, demand: Demand): Carries & { micros: number } {
  const { cores } = plan.request.box;
  const costs = requestCosts(plan.request);
  const micros = costs.reduce((sum, each) => sum + each.micros, 0);
  const app = costs.find(({ role }) => role === 'app');
  const appCores = appRooms(plan).find(({ service }) => service === app?.service)?.cores;
  const whole = (cores * MICROS) / micros;
  // A process with one thread leaves the other cores to the database and nginx, whatever it has to do.
  const single = app === undefined ? whole : ((appCores ?? cores) * MICROS) / app.micros;
  const qps = Math.min(whole, single) * BUSY_SHARE;
  const sum = costs.map((each) => `${each.service} ${shortNumber(each.micros)}`).join(' + ');
  const formula =
    single < whole
      ? `${BUSY_SHARE} × ${appCores} × 10⁶ ÷ (${app?.service} ${shortNumber(app?.micros ?? 0)} µs)`
      : `${BUSY_SHARE} × ${cores} × 10⁶ ÷ (${sum} µs)`;
  return { dau: usersBy(qps, demand), qps, micros, formula: costs.length === 0 ? '∞' : formula };
}

function byMemory(plan: BoxPlan, demand: Demand): Carries {
  const requests = Math.min(...appRooms(plan).map((room) => room.requests), Number.POSITIVE_INFINITY);
  // What was told of the concurrency says how long a request takes; Little's law the other way round.
  const seconds = demand.peakQps === 0 ? REQUEST_SECONDS : demand.concurrency / demand.peakQps;
  const qps = requests / seconds;
  const sockets = socketsOf(plan);
  const dauBySockets =
    demand.sockets === 0 ? Number.POSITIVE_INFINITY : (sockets * demand.dau) / demand.sockets;
  const dauByRequests = usersBy(qps, demand);
  return dauBySockets < dauByRequests
    ? {
        dau: dauBySockets,
        qps,
        formula: `${shortNumber(sockets)} ÷ ${shortNumber(demand.sockets)} × ${demand.dau}`,
      }
    : { dau: dauByRequests, qps, formula: `${shortNumber(requests)} ÷ ${shortNumber(seconds)} s` };
}

function socketsOf(plan: BoxPlan): number {
  const apps = appRooms(plan).map(({ sockets }) => sockets);
  // The app whose business the sockets are is the one with the most room for them.
  return Math.min(apps.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...apps), proxySockets(plan));
}

function byBandwidth(bitsPerSecond: number | undefined, demand: Demand): Carries {
  if (bitsPerSecond === undefined)
    return { dau: Number.POSITIVE_INFINITY, qps: Number.POSITIVE_INFINITY, formula: '∞' };
  const bytesPerSecond = (bitsPerSecond / 8) * LINE_SHARE;
  const each = Math.max(demand.answerBytes, demand.uploadBytesPerRequest);
  const forSockets = demand.sockets * demand.socketBytesPerSecond;
  const load = demand.peakQps * each + forSockets;
  const growth = load === 0 ? Number.POSITIVE_INFINITY : bytesPerSecond / load;
  const perRequest = demand.peakQps === 0 ? each : load / demand.peakQps;
  return {
    dau: demand.dau * growth,
    qps: perRequest === 0 ? Number.POSITIVE_INFINITY : bytesPerSecond / perRequest,
    formula: `${LINE_SHARE} × ${formatBandwidth(bitsPerSecond)} ÷ 8 ÷ ${formatBytes(perRequest)}`,
  };
}

function byDisk(diskBytes: Bytes | undefined, demand: Demand): Carries {
  const none = { dau: Number.POSITIVE_INFINITY, qps: Number.POSITIVE_INFINITY };
  if (diskBytes === undefined || demand.diskBytesPerDay === 0) return { ...none, formula: '∞' };
  const perUser = demand.diskBytesPerDay / demand.dau;
  return {
    ...none,
    dau: diskBytes / DISK_DAYS / perUser,
    formula: `${formatBytes(diskBytes)} ÷ ${DISK_DAYS} d ÷ ${formatBytes(perUser)}`,
  };
}
