import { formatBytes, type Text } from '@maque/kit';
import { operatingSystemBytes } from '../../plan/components/operating-system.ts';
import type { Check } from '../check.ts';
import { memoryBeside } from '../facts/system-memory.ts';
import { promisedBytes } from '../facts/unit-limits.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Half of the swap: what lies there is not at hand when it is wanted. */
const SWAP_SHARE = 0.5;
const WARN_SHARE = 1;
/** Not all services reach their limit at once, but a third over is luck. */
const CRITICAL_SHARE = 1.3;

const OVERSOLD: Text = {
  en: 'limits add up to {promised}, with {os} for the system, on {room} of memory and half the swap ({share} %)',
  zh: '各项上限合计 {promised}，加上系统 {os}，而内存与一半交换空间共 {room}（{share}%）',
};

export const limitsOversold: Check = {
  id: 'B3',
  name: 'limits-oversold',
  group: 'units',
  title: { en: 'Limits that add up to more than there is', zh: '上限之和超过实际内存' },
  why: {
    en: 'A limit protects the others only if all of them together fit. Counted: MemoryMax of what runs, limits of containers, and for the system 180 MiB (assumed, 60 more or less), or what it takes now where that is less and may be read.',
    zh: '只有全部上限加起来放得下，上限才能保护别的服务。计入：运行中服务的 MemoryMax、容器上限，以及系统的 180 MiB（假定值，误差 ±60）；若能读到当前实际占用且更少，则按实际计。',
  },
  explanation: {
    en: 'If four services may take 800 MB each on a box of 2 GB, the limits hold nobody: before the second one reaches its own, the box is full and the kernel kills whom it likes.',
    zh: '如果 2 GB 的机器上有四个服务各自允许用 800 MB，上限就形同虚设：第二个还没到上限，整机已经满了，内核会自行挑选被杀的进程。',
  },
  async look(patient) {
    const [units, containers, memory, swaps, processes] = await Promise.all([
      patient.units(),
      patient.containers(),
      patient.memoryInfo(),
      patient.swaps(),
      patient.processes(),
    ]);
    if (units.kind === 'unreadable') return [cannotRead('systemctl show', units)];
    if (memory.kind !== 'value') return [cannotRead('/proc/meminfo', memory)];
    const { bytes, counted } = promisedBytes(units.kind === 'value' ? units.value : []);
    const held = (containers.kind === 'value' ? containers.value : []).filter(
      ({ isRunning, memoryBytes }) => isRunning && memoryBytes !== null,
    );
    if (counted.length + held.length === 0) return NOT_APPLICABLE;
    const promised = bytes + held.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0);
    const limited = (processes.kind === 'value' ? processes.value : []).filter(
      ({ cgroup }) =>
        counted.some(({ controlGroup }) => `${cgroup}/`.startsWith(`${controlGroup}/`)) ||
        held.some(({ id }) => cgroup?.includes(id)),
    );
    const osBytes = Math.min(
      operatingSystemBytes({ bound: 'box' }),
      memoryBeside(limited, memory.value) ?? Number.POSITIVE_INFINITY,
    );
    const swap = (swaps.kind === 'value' ? swaps.value : []).reduce(
      (sum, { totalBytes }) => sum + totalBytes,
      0,
    );
    const room = (memory.value.get('MemTotal') ?? 0) + SWAP_SHARE * swap;
    const share = (promised + osBytes) / room;
    const evidence = [
      ...counted.map(({ name, memoryMax }) => `${name} ${formatBytes(memoryMax ?? 0)}`),
      ...held.map(({ name, memoryBytes }) => `${name} ${formatBytes(memoryBytes ?? 0)}`),
    ].join(' + ');
    if (share <= WARN_SHARE) return [{ kind: 'ok', evidence }];
    return [
      {
        kind: 'finding',
        severity: share > CRITICAL_SHARE ? 'critical' : 'warning',
        text: OVERSOLD,
        data: {
          promised: formatBytes(promised),
          os: formatBytes(osBytes),
          room: formatBytes(room),
          share: Math.round(share * 100),
        },
        evidence,
        fix: [
          {
            where: { en: 'share the memory out anew', zh: '重新分配内存' },
            lines: ['maque plan'],
          },
        ],
      },
    ];
  },
};
