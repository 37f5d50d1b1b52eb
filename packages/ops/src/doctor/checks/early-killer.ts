import { GiB, type Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { EARLYOOM_ARGS } from '../facts/earlyoom-arguments.ts';
import type { ProcessFacts } from '../facts/processes.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** On larger boxes the kernel has more time, and thrashing is rarer. */
const SMALL_BOX_BYTES = 4 * GiB;

const KILLERS: readonly (readonly [name: string, matches: (process: ProcessFacts) => boolean])[] = [
  ['earlyoom', ({ comm }) => comm === 'earlyoom'],
  ['systemd-oomd', ({ comm }) => comm === 'systemd-oomd'],
  // A Python program.
  [
    'nohang',
    ({ comm, commandLine }) => comm === 'nohang' || commandLine.some((part) => /\/nohang$/.test(part)),
  ],
];

const NONE: Text = {
  en: 'nothing acts before the kernel does: a small box may stand still for minutes before the kernel kills',
  zh: '没有程序先于内核行动：小机器可能卡死几分钟后，内核才会杀进程',
};
const SEVERAL: Text = {
  en: '{names} both run: they race, and kill twice for one shortage',
  zh: '{names} 同时运行：它们会相互竞争，一次内存不足会杀两次',
};
const WITHOUT_SWAP: Text = {
  en: 'systemd-oomd runs without swap: it goes by swap and pressure, and without swap it comes too late',
  zh: 'systemd-oomd 在没有交换空间的情况下运行：它依据交换空间和压力判断，没有 swap 会来不及',
};

const INSTALL: readonly FixLine[] = [
  {
    where: {
      en: 'Debian and Ubuntu (for CentOS and its kin it is in EPEL: dnf install earlyoom)',
      zh: 'Debian / Ubuntu(CentOS 系在 EPEL 中：dnf install earlyoom)',
    },
    lines: ['apt install earlyoom'],
  },
  {
    where: {
      en: '/etc/default/earlyoom, then: systemctl restart earlyoom',
      zh: '/etc/default/earlyoom，然后执行：systemctl restart earlyoom',
    },
    lines: [`EARLYOOM_ARGS="${EARLYOOM_ARGS}"`],
  },
];

export const earlyKiller: Check = {
  id: 'A14',
  name: 'early-killer',
  group: 'memory',
  title: { en: 'A killer that acts in time', zh: '提前动手的 OOM 守护程序' },
  why: {
    en: 'The kernel kills when nothing at all is left, after minutes of thrashing; earlyoom (2 MiB) acts while the box still answers. One is enough: two race. It acts only when memory and swap are both low.',
    zh: '内核要到完全没有内存、系统抖动几分钟后才动手；earlyoom（占 2 MiB）在机器还能响应时就行动。一个就够，两个会竞争。只有内存和交换空间都不足时它才动手。',
  },
  explanation: {
    en: 'A small service that looks at the memory several times a second and ends the largest process that you did not exempt, before everything stands still.',
    zh: '一个小型守护程序，每秒多次查看内存，在系统卡死之前结束占用最多的（未被豁免的）进程。',
  },
  async look(patient) {
    if (await patient.isInsideContainer()) return NOT_APPLICABLE;
    const [processes, memory, swaps] = await Promise.all([
      patient.processes(),
      patient.memoryInfo(),
      patient.swaps(),
    ]);
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    if (memory.kind !== 'value') return [cannotRead('/proc/meminfo', memory)];
    const names = KILLERS.filter(([, matches]) => processes.value.some(matches)).map(([name]) => name);
    const evidence = names.length === 0 ? 'none of earlyoom, nohang, systemd-oomd' : names.join(', ');
    const isSmall = (memory.value.get('MemTotal') ?? 0) <= SMALL_BOX_BYTES;
    if (names.length === 0) return isSmall ? [found('info', NONE, evidence, INSTALL)] : NOT_APPLICABLE;
    if (names.length > 1) return [found('warning', SEVERAL, evidence, disable(names.slice(1)))];
    const hasNoSwap = swaps.kind === 'value' && swaps.value.length === 0;
    if (names[0] === 'systemd-oomd' && hasNoSwap)
      return [found('warning', WITHOUT_SWAP, evidence, [...disable(names), ...INSTALL])];
    return [{ kind: 'ok', evidence }];
  },
};

function found(severity: 'info' | 'warning', text: Text, evidence: string, fix: readonly FixLine[]): Outcome {
  return { kind: 'finding', severity, text, data: { names: evidence }, evidence, fix };
}

function disable(names: readonly string[]): readonly FixLine[] {
  const lines = names.map((name) => `systemctl disable --now ${name}`);
  return [{ where: { en: 'keep one', zh: '只保留一个' }, lines }];
}
