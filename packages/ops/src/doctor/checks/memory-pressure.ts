import type { Text } from '@maque/kit';
import type { Check } from '../check.ts';
import { readMemoryPressure } from '../facts/pressure.ts';
import { cannotRead } from '../outcomes.ts';

// systemd-oomd kills at 60 % for 30 s (its default): a warning that comes in time has to be far below.
const WARN_FULL_PERCENT = 5;
const CRITICAL_FULL_PERCENT = 20;
const WARN_SOME_PERCENT = 10;

const STALLED: Text = {
  en: 'everything stood still for want of memory {full} % of the last minute, something {some} % of the last 5 minutes',
  zh: '最近 1 分钟有 {full}% 的时间所有任务都在等内存，最近 5 分钟有 {some}% 的时间有任务在等',
};
const NO_PRESSURE: Text = {
  en: '/proc/pressure/memory is not there: it needs Linux 4.20, and on some systems psi=1 on the kernel line',
  zh: '没有 /proc/pressure/memory：需要 Linux 4.20 以上，部分系统还要在内核启动参数里加 psi=1',
};

export const memoryPressure: Check = {
  id: 'A2',
  name: 'mem-pressure',
  group: 'memory',
  title: { en: 'Time lost waiting for memory', zh: '等待内存损失的时间' },
  why: {
    en: 'Time in which tasks wait for memory is the earliest honest sign of too little of it; systemd-oomd kills only at 60 % for 30 s, far too late for a warning.',
    zh: '任务等待内存的时间是内存不足最早、最可靠的信号；systemd-oomd 默认要到 60% 并持续 30 秒才动手，作为预警太晚。',
  },
  explanation: {
    en: 'When memory is short the kernel takes pages from one program to give them to another, and both wait. "some" is the share of time in which at least one waited, "full" the share in which nobody could work.',
    zh: '内存紧张时，内核会从一个程序收回页面给另一个，双方都要等待。“some” 是至少有一个任务在等的时间占比，“full” 是谁都无法工作的时间占比。',
  },
  async look({ host }) {
    const pressure = await readMemoryPressure(host);
    if (pressure.kind === 'absent') return [{ kind: 'unknown', reason: NO_PRESSURE, data: {} }];
    if (pressure.kind !== 'value') return [cannotRead('/proc/pressure/memory', pressure)];
    const { some, full } = pressure.value;
    const evidence = `full avg60=${full.avg60} some avg300=${some.avg300}`;
    if (full.avg60 <= WARN_FULL_PERCENT && some.avg300 <= WARN_SOME_PERCENT)
      return [{ kind: 'ok', evidence }];
    return [
      {
        kind: 'finding',
        severity: full.avg60 > CRITICAL_FULL_PERCENT ? 'critical' : 'warning',
        text: STALLED,
        data: { full: full.avg60, some: some.avg300 },
        evidence,
        fix: [
          {
            where: {
              en: 'see who has the memory, then give the largest a smaller limit',
              zh: '先看谁占用内存最多，再降低其上限',
            },
            lines: ['ps -eo pid,rss,comm --sort=-rss | head', 'maque plan'],
          },
        ],
      },
    ];
  },
};
