import type { Text } from '@maque/kit';
import type { Check, Repair } from '../check.ts';
import type { ProcessFacts } from '../facts/processes.ts';
import { programName, programOf } from '../facts/program.ts';
import type { Host } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

const SETTING = '/sys/kernel/mm/transparent_hugepage/enabled';
const REPAIR_PATH = '/etc/tmpfiles.d/zz-maque-huge-pages.conf';
const LINE = `w ${SETTING} - - - - madvise`;
const REPAIR: Repair = {
  path: REPAIR_PATH,
  rewrite: () => `${LINE}\n`,
  apply: ['systemd-tmpfiles', '--create', REPAIR_PATH],
};

const ALWAYS: Text = {
  en: 'transparent huge pages are on for everybody, and {programs} run(s) here: a snapshot then copies 2 MiB for each byte that changes',
  zh: '透明大页对所有进程开启，而这里运行着 {programs}：做快照时每改动一个字节就要复制 2 MiB',
};

export const hugePages: Check = {
  id: 'A11',
  name: 'huge-pages',
  group: 'memory',
  title: { en: 'Transparent huge pages', zh: '透明大页（THP）' },
  why: {
    en: 'With "always" a fork copies memory in units of 2 MiB instead of 4 KiB: Redis and MongoDB both ask for it to be off. Redis since 6.2 turns it off for itself, which counts.',
    zh: '设为 “always” 时，fork 后按 2 MiB 而不是 4 KiB 复制内存：Redis 和 MongoDB 都要求关闭。Redis 6.2 起会为自己关闭，这种情况算正常。',
  },
  explanation: {
    en: 'The kernel can hand out memory in large pages, which saves work for programs that use all of it. For those that fork to write a snapshot it multiplies what has to be copied. "madvise" leaves the choice to each program.',
    zh: '内核可以按大页分配内存，对连续使用大块内存的程序有好处；但对靠 fork 写快照的程序，需要复制的量会成倍增加。“madvise” 让程序自己选择。',
  },
  async look(patient) {
    const [setting, processes] = await Promise.all([patient.host.read(SETTING), patient.processes()]);
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    const sensitive = processes.value.filter(
      (process) => programOf(process) === 'redis' || programName(process) === 'mongod',
    );
    if (sensitive.length === 0) return NOT_APPLICABLE;
    if (setting.kind === 'absent') return [{ kind: 'ok', evidence: 'the kernel has none' }];
    if (setting.kind !== 'value') return [cannotRead(SETTING, setting)];
    const evidence = setting.value.trim();
    if (!evidence.includes('[always]')) return [{ kind: 'ok', evidence }];
    const affected = await stillOn(patient.host, sensitive);
    if (affected.length === 0)
      return [{ kind: 'ok', evidence: `${evidence}, off in the programs themselves` }];
    const isInside = await patient.isInsideContainer();
    return [
      {
        kind: 'finding',
        severity: 'warning',
        text: ALWAYS,
        data: { programs: [...new Set(affected.map(programName))].join(', ') },
        evidence,
        fix: [
          {
            where: {
              en: `${REPAIR_PATH}, then: systemd-tmpfiles --create ${REPAIR_PATH}; restart the programs`,
              zh: `写入 ${REPAIR_PATH}，然后执行：systemd-tmpfiles --create ${REPAIR_PATH}，并重启这些程序`,
            },
            lines: [LINE],
          },
        ],
        ...(isInside ? {} : { repair: REPAIR }),
      },
    ];
  },
};

/** Those that did not turn it off for themselves; Linux 5.0 and later tell. */
async function stillOn(host: Host, processes: readonly ProcessFacts[]): Promise<readonly ProcessFacts[]> {
  const statuses = await Promise.all(processes.map(({ pid }) => host.read(`/proc/${pid}/status`)));
  return processes.filter((_, index) => {
    const status = statuses[index];
    return status?.kind !== 'value' || !/^THP_enabled:\s+0$/m.test(status.value);
  });
}
