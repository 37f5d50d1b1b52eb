import type { Text } from '@maque/kit';
import type { NodeProcess } from '../../../doctor/facts/node-processes.ts';
import { type DetectedService, planName } from './detected-service.ts';
import type { HostFacts } from './host-facts.ts';

const NO_HEAP: Text = {
  en: '{name}: nothing bounds its heap (--max-old-space-size); the plan gives it a bound',
  zh: '{name}：没有限制堆大小（--max-old-space-size），由规划给出上限',
};

/**
 * Node programs that serve: those of a unit, a container or PM2, and others that listen on a port, with the processes
 * that they started. An editor's helpers and builds do not.
 * @param claimed processes that were counted already, such as workers of a keeper.
 */
export function detectNode(
  { nodes, listeners }: HostFacts,
  claimed: ReadonlySet<number>,
): readonly DetectedService[] {
  const apps = nodes.filter(({ process, role }) => role === 'app' && !claimed.has(process.pid));
  const serves = ({ process, service, pm2 }: NodeProcess) =>
    pm2 !== null ||
    service.unit !== null ||
    service.container !== null ||
    listeners.has(process.pid) ||
    listeners.has(process.parent);
  const groups = Map.groupBy(apps.filter(serves), ({ pm2, service }) => pm2?.app ?? service.name);
  return [...groups].map(([group, members]) => {
    const name = planName(group, 'node');
    const isUnderPm2 = members.some(({ pm2 }) => pm2 !== null);
    const oldSpaceMb = Math.max(0, ...members.map(({ flags }) => flags.oldSpaceMb ?? 0));
    const isBound = members.every(({ flags }) => flags.oldSpaceMb !== undefined);
    const keptBy = isUnderPm2 ? 'pm2' : members[0]?.service.unit === null ? undefined : 'systemd';
    return {
      service: {
        kind: 'node',
        name,
        workers: members.length,
        ...(isBound ? { oldSpaceMb } : {}),
        ...(keptBy === undefined ? {} : { keptBy }),
      },
      pids: members.map(({ process }) => process.pid),
      notes: isBound ? [] : [{ text: NO_HEAP, data: { name } }],
    };
  });
}
