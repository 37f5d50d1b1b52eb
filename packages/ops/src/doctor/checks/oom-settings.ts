import type { Text } from '@maque/kit';
import type { Severity } from '../../findings/finding.ts';
import type { Check } from '../check.ts';
import { kernelSettingPath, readKernelSetting } from '../facts/kernel-setting.ts';
import { cannotRead } from '../outcomes.ts';
import { setKernel } from '../repairs/kernel-setting-repair.ts';

interface Expected {
  readonly name: string;
  readonly value: number;
  readonly severity: Severity;
  readonly text: Text;
}

const EXPECTED: readonly Expected[] = [
  {
    name: 'vm.panic_on_oom',
    value: 0,
    severity: 'critical',
    text: {
      en: 'vm.panic_on_oom is {value}: the machine goes down instead of one process',
      zh: 'vm.panic_on_oom 为 {value}：内存耗尽时整机崩溃，而不是结束一个进程',
    },
  },
  {
    name: 'vm.oom_kill_allocating_task',
    value: 0,
    severity: 'warning',
    text: {
      en: 'vm.oom_kill_allocating_task is {value}: who asks last is killed, not who has the memory',
      zh: 'vm.oom_kill_allocating_task 为 {value}：杀掉的是最后申请内存的进程，而不是占用内存的进程',
    },
  },
  {
    name: 'vm.oom_dump_tasks',
    value: 1,
    severity: 'info',
    text: {
      en: 'vm.oom_dump_tasks is {value}: after a kill the log does not tell who had the memory',
      zh: 'vm.oom_dump_tasks 为 {value}：杀进程后，日志里看不到当时各进程的内存占用',
    },
  },
];

export const oomSettings: Check = {
  id: 'A9',
  name: 'oom-sysctls',
  group: 'memory',
  title: { en: 'What the kernel does without memory', zh: '内存耗尽时内核的做法' },
  why: {
    en: 'panic_on_oom reboots the whole box for one leak, oom_kill_allocating_task ends whoever asks next, and without oom_dump_tasks no log shows who had the memory.',
    zh: 'panic_on_oom 会因一次泄漏让整机重启；oom_kill_allocating_task 会杀掉碰巧在申请内存的进程；关闭 oom_dump_tasks 后，日志里查不到谁占了内存。',
  },
  explanation: {
    en: 'Three switches of the kernel that decide what happens when memory runs out. Their defaults (0, 0, 1) are right; they were changed here.',
    zh: '内核的三个开关，决定内存耗尽时发生什么。默认值（0、0、1）就是合适的，这里被改过。',
  },
  async look(patient) {
    const isInside = await patient.isInsideContainer();
    return Promise.all(
      EXPECTED.map(async ({ name, value, severity, text }) => {
        const read = await readKernelSetting(patient.host, name);
        if (read.kind !== 'value') return cannotRead(kernelSettingPath(name), read);
        const evidence = `${name} = ${read.value}`;
        if (read.value === value) return { kind: 'ok', evidence } as const;
        return {
          kind: 'finding',
          severity,
          text,
          data: { value: read.value },
          evidence,
          ...setKernel(name, value, isInside),
        } as const;
      }),
    );
  },
};
