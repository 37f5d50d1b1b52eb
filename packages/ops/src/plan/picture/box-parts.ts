import { type Bytes, MiB, type Text } from '@maque/kit';
import type { BoxMisfit, BoxPlan } from '../box/box-plan.ts';
import type { PlannedService } from '../box/planned-service.ts';
import type { ServiceKind } from '../box/service-request.ts';
import { roundBytes } from '../in-mebibytes.ts';

/** What a part of the box is for; it decides its place and its colour in a picture. */
export type PartRole = 'proxy' | 'app' | 'data' | 'beside' | 'system' | 'reserve' | 'free';

/** One coloured piece of a picture. */
export interface BoxPart {
  readonly name: Text;
  readonly role: PartRole;
  readonly bytes: Bytes;
  /** How it is set, in a few words; empty where there is nothing to say. */
  readonly detail: Text;
}

const ROLES: Readonly<Record<ServiceKind, PartRole>> = {
  maque: 'app',
  node: 'app',
  java: 'app',
  python: 'app',
  nginx: 'proxy',
  mariadb: 'data',
  mysql: 'data',
  redis: 'data',
  agent: 'beside',
  watcher: 'beside',
};
const NOTHING: Text = { en: '', zh: '' };
const NAMES = {
  system: { en: 'system', zh: '系统' },
  reserve: { en: 'reserve', zh: '预留' },
  free: { en: 'free', zh: '空闲' },
} as const satisfies Record<string, Text>;

/** The system, every service, the reserve and what is free, in the order of the sum. */
export function boxParts(plan: BoxPlan | BoxMisfit): readonly BoxPart[] {
  const sumOf = (belongs: (line: BoxPlan['lines'][number]) => boolean) =>
    plan.lines.filter(belongs).reduce((sum, { bytes }) => sum + bytes, 0);
  const planned = plan.fits ? plan.services : [];
  return [
    part(
      'system',
      sumOf(({ service, code }) => service === null && code !== 'RESERVE' && code !== 'FREE'),
    ),
    ...plan.request.services.map(({ name, kind }): BoxPart => {
      const service = planned.find(({ request }) => request.name === name);
      return {
        name: { en: name, zh: name },
        role: ROLES[kind],
        bytes: sumOf((line) => line.service === name),
        detail: service === undefined ? NOTHING : detailOf(service),
      };
    }),
    part(
      'reserve',
      sumOf(({ service, code }) => service === null && code === 'RESERVE'),
    ),
    part(
      'free',
      sumOf(({ service, code }) => service === null && code === 'FREE'),
    ),
  ].filter(({ bytes }) => bytes > 0);
}

function part(role: keyof typeof NAMES, bytes: Bytes): BoxPart {
  return { name: NAMES[role], role, bytes, detail: NOTHING };
}

/** The one number that a person asks for first. */
function detailOf(service: PlannedService): Text {
  switch (service.kind) {
    case 'maque':
      return heaps(service.budget.workers, service.budget.perWorker.oldSpaceMb);
    case 'node':
      return heaps(service.workers, service.oldSpaceMb);
    case 'java':
      return same(`-Xmx${service.heapMb}m`);
    case 'python':
      return same(`${service.workers} × worker`);
    case 'nginx':
      return same(`${service.workerProcesses} × ${service.workerConnections}`);
    case 'mariadb':
    case 'mysql':
      return { en: `pool ${roundBytes(service.poolBytes)}`, zh: `缓冲池 ${roundBytes(service.poolBytes)}` };
    case 'redis':
      return same(`maxmemory ${Math.floor(service.maxMemoryBytes / MiB)}M`);
    case 'agent':
    case 'watcher':
      return NOTHING;
  }
}

function heaps(workers: number, oldSpaceMb: number): Text {
  return { en: `${workers} × ${oldSpaceMb} MiB heap`, zh: `${workers} × ${oldSpaceMb} MiB 堆` };
}

function same(text: string): Text {
  return { en: text, zh: text };
}
