import { type Bytes, KiB, MiB } from '@maque/kit';
import { atSize } from '../../component.ts';
import { inMiB } from '../../in-mebibytes.ts';
import { countOf } from '../apps-around.ts';
import type { PlanRequest } from '../box-request.ts';
import { demandOf, type Layout, layOut, onePiece } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import { fixedPart, fromMiB, type Part } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { RedisRequest } from '../service-request.ts';

const BASE_MB = 12;
/** The allocator's waste over what Redis counts. */
const RSS_OVER_USED = 1.05;
// 35 % of the data was copied during one snapshot under heavy writes; a rewrite of the log takes longer.
const COPIED_PART = 0.5;
const MAXMEMORY_OVER_DATA = 1.1;
// 16 MiB hold 25,000 sessions of 500 bytes; more than a tenth of the box is better spent on the database.
const LEAST_MAXMEMORY: Bytes = 16 * MiB;
const MOST_PART_OF_BOX = 0.1;
const MOST_CLIENTS = 256;
const CLIENT_BYTES: Bytes = 9 * KiB;

export const redis: ServiceModel<'redis'> = {
  kind: 'redis',
  boundBySettings: true,
  reducible: ['dataBytes'],
  demand: (request, { plan }) => demandOf(layoutOf(request, plan), 10),
  share(request, offeredBytes, { plan }) {
    const laidOut = layOut(request.name, layoutOf(request, plan), offeredBytes);
    const role = request.role ?? 'cache';
    return {
      planned: {
        kind: 'redis',
        request,
        maxMemoryBytes: toldMaxMemory(request) ?? maxMemoryWithin(laidOut.of('DATA'), isPersistent(request)),
        policy: role === 'cache' ? 'allkeys-lru' : 'noeviction',
        persistent: isPersistent(request),
        maxClients: MOST_CLIENTS,
        ...limitsFor(laidOut.budgetBytes, OOM_SCORE.redis),
      },
      lines: laidOut.lines,
    };
  },
};

/** A cache may be lost with the process; what is in a queue may not. */
function isPersistent({ persistent, role }: RedisRequest): boolean {
  return persistent ?? role === 'queue';
}

function layoutOf(request: RedisRequest, plan: PlanRequest): Layout {
  return onePiece([base(), clients(), data(request, plan)]);
}

function data(request: RedisRequest, plan: PlanRequest): Part {
  const persistent = isPersistent(request);
  const most = (MOST_PART_OF_BOX * plan.box.memoryBytes) / countOf(plan, 'redis');
  const part: Part = {
    code: 'DATA',
    name: persistent
      ? { en: 'data, and copies during a snapshot', zh: '数据与快照期间的副本' }
      : { en: 'data', zh: '数据' },
    floorBytes: bytesFor(LEAST_MAXMEMORY, persistent),
    ceilingBytes: Math.max(bytesFor(LEAST_MAXMEMORY, persistent), most),
    weight: 1,
    settle: (offered) => bytesFor(maxMemoryWithin(offered, persistent), persistent),
    errorBytes: 0,
    formula: (bytes) => `${perByte(persistent)} × ${inMiB(maxMemoryWithin(bytes, persistent))}`,
    source: {
      en: 'maxmemory × 1.05 resident (measured), and half of it copied while a snapshot or a rewrite runs (35 % measured)',
      zh: 'maxmemory × 1.05 常驻（实测）；快照或 AOF 重写期间再复制一半（实测 35%）',
    },
  };
  const told = toldMaxMemory(request);
  if (told === undefined) return part;
  return {
    ...atSize(part, bytesFor(told, persistent)),
    errorBytes: 0,
    formula: () => `${perByte(persistent)} × ${inMiB(told)}`,
  };
}

function toldMaxMemory({ dataBytes }: RedisRequest): Bytes | undefined {
  if (dataBytes === undefined) return undefined;
  // What Redis and its clients take themselves counts as well.
  return Math.max(LEAST_MAXMEMORY, Math.ceil((dataBytes * MAXMEMORY_OVER_DATA) / MiB) * MiB);
}

function perByte(persistent: boolean): number {
  return persistent ? RSS_OVER_USED + COPIED_PART : RSS_OVER_USED;
}

function bytesFor(maxMemoryBytes: Bytes, persistent: boolean): Bytes {
  return Math.ceil(maxMemoryBytes * perByte(persistent));
}

/** In whole MiB; a byte is given for the rounding in {@link bytesFor}. */
function maxMemoryWithin(bytes: Bytes, persistent: boolean): Bytes {
  const most = Math.max(LEAST_MAXMEMORY, Math.floor(bytes / perByte(persistent) / MiB + 1) * MiB);
  return bytesFor(most, persistent) <= bytes ? most : Math.max(LEAST_MAXMEMORY, most - MiB);
}

function base(): Part {
  return fixedPart({
    code: 'REDIS',
    name: { en: 'Redis itself', zh: 'Redis 本身' },
    bytes: BASE_MB * MiB,
    formula: String(BASE_MB),
    errorBytes: fromMiB(1),
    source: { en: 'measured: Redis 7 without data, resident', zh: '实测：Redis 7 空载常驻内存' },
  });
}

function clients(): Part {
  return fixedPart({
    code: 'CLIENTS',
    name: { en: 'clients', zh: '客户端连接' },
    bytes: MOST_CLIENTS * CLIENT_BYTES,
    formula: `${MOST_CLIENTS} × 0.0088`,
    errorBytes: 0,
    source: { en: 'measured: 9 KiB resident for an idle client', zh: '实测：每个空闲客户端常驻 9 KiB' },
  });
}
