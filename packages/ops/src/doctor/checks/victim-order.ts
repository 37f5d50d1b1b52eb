import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { ProcessFacts } from '../facts/processes.ts';
import { type Program, programName, programOf } from '../facts/program.ts';
import { unitOf } from '../facts/services.ts';
import { cannotRead } from '../outcomes.ts';
import { addToUnit } from '../repairs/unit-drop-in.ts';

// A thousandth of all memory is a point. sshd itself goes to -1000; -900 puts whatever it has behind everything else.
const SSHD_MOST = -900;
const SSHD_OWN = -1_000;
/** The kernel never kills it, whatever it has. */
const UNKILLABLE = -1_000;
const APP_ADVISED = 300;
/** Half of all memory: no leaking application of that size is spared for it. */
const DATABASE_ADVISED = -500;

const APPS: ReadonlySet<Program> = new Set(['node', 'java', 'python', 'php']);

const NO_SHELL: Text = {
  en: 'sshd ({pid}) has an oom_score_adj of {adj}: without memory the way in may be killed first',
  zh: 'sshd（{pid}）的 oom_score_adj 为 {adj}：内存耗尽时，登录通道可能先被杀',
};
const SSHD_ALONE: Text = {
  en: 'now; started by systemd on a machine of its own it does this itself. Not by OOMScoreAdjust= in its unit, which every program started from a login would inherit',
  zh: '立即生效；由 systemd 在独立主机上启动时 sshd 会自己设置。不要在其单元写 OOMScoreAdjust=：登录后启动的所有程序都会继承',
};
const SACRED_APP: Text = {
  en: '{name} ({pid}) has an oom_score_adj of -1000: it can leak until everything else is dead',
  zh: '{name}（{pid}）的 oom_score_adj 为 -1000：它可以一直泄漏，直到其他进程都被杀光',
};
const DATABASE_FIRST: Text = {
  en: 'without memory the kernel would kill {name} ({pid}) first: it has the highest oom_score, {score}',
  zh: '内存耗尽时内核会先杀 {name}（{pid}）：它的 oom_score 最高，为 {score}',
};

export const victimOrder: Check = {
  id: 'A10',
  name: 'victim-order',
  group: 'memory',
  title: { en: 'Who would be killed first', zh: '内存耗尽时先杀谁' },
  why: {
    en: 'The kernel takes the process with the largest oom_score. On a small box that is mostly the database, which costs everybody their data of the moment, and seldom the application that leaks and would be back in a second.',
    zh: '内核会杀 oom_score 最大的进程。在小机器上通常是数据库（影响所有人），很少是那个正在泄漏、重启一秒就能恢复的应用。',
  },
  explanation: {
    en: 'Each process has points: its share of the memory in thousandths, plus a number that you give (oom_score_adj, from -1000 to 1000). Keep the way in and the database low, and the applications high: they are started again.',
    zh: '每个进程都有分数：占内存的千分比，加上你设定的调整值（oom_score_adj，-1000 到 1000）。把登录服务和数据库调低，把可以重启的应用调高。',
  },
  async look(patient) {
    const processes = await patient.processes();
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    const known = processes.value.filter(({ oomScoreAdj }) => oomScoreAdj !== null);
    if (known.length === 0) return [cannotRead('oom_score_adj', { kind: 'absent' })];
    const found = [...sshdFirst(known), ...sacredApps(known), ...databaseFirst(known)];
    if (found.length > 0) return found;
    const [first] = byScore(known);
    return [{ kind: 'ok', evidence: first === undefined ? '' : `first: ${programName(first)}` }];
  },
};

/**
 * The one that listens: a login has a sshd of its own, which goes back to what the first was started with. So nothing is
 * written into its unit: with OOMScoreAdjust= there, all that is started from a login would have it, too.
 */
function sshdFirst(processes: readonly ProcessFacts[]): readonly Outcome[] {
  const listener = processes.find((process) => process.parent === 1 && programOf(process) === 'sshd');
  if (listener === undefined || (listener.oomScoreAdj ?? 0) <= SSHD_MOST) return [];
  return [
    {
      kind: 'finding',
      severity: 'warning',
      text: NO_SHELL,
      data: { pid: listener.pid, adj: listener.oomScoreAdj },
      evidence: `/proc/${listener.pid}/oom_score_adj: ${listener.oomScoreAdj}`,
      fix: [{ where: SSHD_ALONE, lines: [`choom -n ${SSHD_OWN} -p ${listener.pid}`] }],
    },
  ];
}

function sacredApps(processes: readonly ProcessFacts[]): readonly Outcome[] {
  const sacred = processes.filter((one) => one.oomScoreAdj === UNKILLABLE && APPS.has(programOf(one)));
  return sacred.map((process) => ({
    kind: 'finding',
    severity: 'critical',
    text: SACRED_APP,
    data: { name: programName(process), pid: process.pid },
    evidence: `/proc/${process.pid}/oom_score_adj: ${UNKILLABLE}`,
    ...inUnitOrNow(process, APP_ADVISED),
  }));
}

function databaseFirst(processes: readonly ProcessFacts[]): readonly Outcome[] {
  const [first] = byScore(processes);
  if (first === undefined || programOf(first) !== 'database') return [];
  return [
    {
      kind: 'finding',
      severity: 'warning',
      text: DATABASE_FIRST,
      data: { name: programName(first), pid: first.pid, score: first.oomScore },
      evidence: `/proc/${first.pid}/oom_score: ${first.oomScore}, oom_score_adj: ${first.oomScoreAdj}`,
      ...inUnitOrNow(first, DATABASE_ADVISED),
    },
  ];
}

function byScore(processes: readonly ProcessFacts[]): readonly ProcessFacts[] {
  return [...processes].sort((one, other) => (other.oomScore ?? 0) - (one.oomScore ?? 0));
}

function inUnitOrNow({ cgroup, pid }: ProcessFacts, adj: number) {
  const unit = unitOf(cgroup);
  if (unit !== null) return addToUnit(unit, 'oom-score', [`OOMScoreAdjust=${adj}`]);
  const where: Text = {
    en: 'now; for ever with OOMScoreAdjust= in its unit, or oom_score_adj: in docker-compose.yml',
    zh: '立即生效；长期生效请在其 systemd 单元写 OOMScoreAdjust=，或在 docker-compose.yml 写 oom_score_adj:',
  };
  return { fix: [{ where, lines: [`choom -n ${adj} -p ${pid}`] }] };
}
