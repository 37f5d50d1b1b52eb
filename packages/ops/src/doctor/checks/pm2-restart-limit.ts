import { type Bytes, formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { adviseHeap } from '../facts/advised-heap.ts';
import type { NodeGroup } from '../facts/node-groups.ts';
import type { NodeProcess } from '../facts/node-processes.ts';
import { pm2HomeOf } from '../facts/pm2-apps.ts';
import { heapLimitBytes } from '../facts/v8-heap.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** What a process has beside its heap while it works; below it PM2 restarts healthy processes. */
const BESIDE_HEAP_BYTES: Bytes = 60 * MiB;

const TOO_HIGH: Text = {
  en: '{name}: max_memory_restart {limit} × {count} is never reached, as only {room} can be had',
  zh: '{name}：max_memory_restart {limit} × {count} 永远达不到，最多只有 {room} 可用',
};
const TOO_LOW: Text = {
  en: '{name}: max_memory_restart {limit} is below what a healthy process may have ({least})',
  zh: '{name}：max_memory_restart {limit} 低于健康进程的正常占用（{least}）',
};
const UNSET: Text = {
  en: '{name}: no max_memory_restart; nothing of PM2 ends a leak',
  zh: '{name}：未设置 max_memory_restart，PM2 不会处理内存泄漏',
};
const AT: Text = { en: 'ecosystem.config.js, at the app', zh: 'ecosystem.config.js 中的该应用' };

export const pm2RestartLimit: Check = {
  id: 'C5',
  name: 'pm2-restart-limit',
  group: 'node',
  title: { en: 'PM2: restart at a memory limit', zh: 'PM2 内存重启阈值' },
  why: {
    en: 'PM2 looks at the resident memory only every 30 s. It has to act above what a healthy process has (heap limit + 60 MiB) and below what kills: the much copied 1600M is never reached on a 2 GB box that also runs a database.',
    zh: 'PM2 每 30 秒才看一次常驻内存。阈值要高于健康进程的占用（堆上限 + 60 MiB），又要低于会被杀的水平：常见的 1600M 在还跑着数据库的 2 GB 机器上永远达不到。',
  },
  explanation: {
    en: 'max_memory_restart tells PM2 to replace a process that has grown too large. In cluster mode the others go on serving meanwhile. It is a stop-gap for a leak, not its cure.',
    zh: 'max_memory_restart 让 PM2 替换涨得过大的进程；集群模式下其余进程继续服务。它只能缓解泄漏，不能根治。',
  },
  async look(patient) {
    const [groups, processes] = await Promise.all([patient.nodeGroups(), patient.nodeProcesses()]);
    if (groups.kind === 'absent') return NOT_APPLICABLE;
    if (groups.kind !== 'value') return [cannotRead('/proc', groups)];
    const outcomes = groups.value.flatMap(judgeGroup);
    if (outcomes.length > 0) return outcomes;
    const hasPm2 =
      processes.kind === 'value' && processes.value.some(({ process }) => pm2HomeOf(process) !== null);
    if (!hasPm2) return NOT_APPLICABLE;
    return [cannotRead('/proc/PID/environ', { kind: 'unreadable', reason: 'EACCES' })];
  },
};

function judgeGroup(group: NodeGroup): readonly Outcome[] {
  const apps = Map.groupBy(group.apps, ({ pm2 }) => pm2?.app);
  return [...apps].flatMap(([name, members]) => (name === undefined ? [] : judge(name, members, group)));
}

function judge(name: string, members: readonly NodeProcess[], group: NodeGroup): readonly Outcome[] {
  const [first] = members;
  if (first?.pm2 === null || first === undefined) return [];
  const limit = first.pm2.restartAtBytes;
  const major = first.version.kind === 'value' ? first.version.value.major : undefined;
  const least = heapLimitBytes(first.flags, group.seenBytes, major) + BESIDE_HEAP_BYTES;
  const evidence = `${name}: max_memory_restart ${limit === null ? 'unset' : formatBytes(limit)}, ${members.length} processes, room ${formatBytes(group.roomBytes)}`;
  const room = { name, count: members.length, room: formatBytes(group.roomBytes), least: formatBytes(least) };
  const fix = [{ where: AT, lines: linesFor(least, group) }];
  const finding = { kind: 'finding', evidence, fix } as const;
  if (limit === null) return [{ ...finding, severity: 'info', text: UNSET, data: room }];
  const data = { ...room, limit: formatBytes(limit) };
  if (limit * members.length > group.roomBytes)
    return [{ ...finding, severity: 'warning', text: TOO_HIGH, data }];
  // Without a heap limit that is the first thing to set, and without flags nothing is known.
  const knowsHeap = first.knowsFlags && first.flags.oldSpaceMb !== undefined;
  if (knowsHeap && limit < least) return [{ ...finding, severity: 'warning', text: TOO_LOW, data }];
  return [{ kind: 'ok', evidence }];
}

/** Above a heap that does not fit there is no useful limit: then both are set. */
function linesFor(least: Bytes, group: NodeGroup): readonly string[] {
  const line = (bytes: Bytes) => `max_memory_restart: '${Math.ceil(bytes / MiB)}M',`;
  if (least * group.apps.length <= group.roomBytes) return [line(least)];
  const { oldSpaceMb, semiSpaceMb, flags } = adviseHeap(group);
  return [`node_args: '${flags.join(' ')}',`, line((oldSpaceMb + 3 * semiSpaceMb) * MiB + BESIDE_HEAP_BYTES)];
}
