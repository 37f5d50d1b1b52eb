import type { Text, TextData } from '@maque/kit';
import type { Finding, FixLine } from '../findings/finding.ts';
import { fixFor } from './fix-for.ts';
import type { Kill } from './kill.ts';
import { memoryOf } from './task-table.ts';

/** A process whose points were raised this far is chosen for them, whatever its size: a tenth of all memory. */
const RAISED_SCORE = 100;
/** The least share of what was used that makes one program "who ate the memory". */
const LARGE_SHARE = 0.4;

const WHY = {
  OOM_MACHINE_FULL: {
    en: 'The whole machine had no memory left; {by} asked for more, and the kernel killed {name} ({mib})',
    zh: '整机内存耗尽:{by} 申请内存时,内核杀死了 {name}({mib})',
  },
  OOM_GROUP_FULL: {
    en: 'The limit of {group} ({limit}) was reached, and {name} ({mib}) was killed in it; the machine may have had memory to spare',
    zh: '{group} 达到内存上限({limit}),其中的 {name}({mib})被杀;整机可能仍有空闲内存',
  },
  OOM_CHILD_SACRIFICED: {
    en: 'The kernel had chosen {culprit} ({score} points), and killed its child {name} in its place: {culprit} has the memory',
    zh: '内核选中的是 {culprit}(得分 {score}),却杀死了它的子进程 {name};占内存的是 {culprit}',
  },
  OOM_VICTIM_IS_NOT_CULPRIT: {
    en: '{name} died, but {culprit} had the memory: {processes} process(es), {size}',
    zh: '{name} 被杀,但占内存的是 {culprit}:{processes} 个进程,共 {size}',
  },
  OOM_MANY_OF_ONE: {
    en: '{processes} processes of {program} had {size}, {share} % of what processes used: there are too many of them, or each is too large',
    zh: '{processes} 个 {program} 进程共占 {size},为全部进程内存的 {share}%:数量过多或单个过大',
  },
  OOM_CHOSEN_BY_SCORE: {
    en: '{name} was chosen for its oom_score_adj of {adj}, not for its size',
    zh: '{name} 因 oom_score_adj={adj} 被选中,并非因为占用最大',
  },
  OOM_WITHOUT_SWAP: {
    en: 'There is no swap: a short peak kills at once',
    zh: '没有交换空间:短暂的峰值会立即触发杀进程',
  },
  OOM_SWAP_FULL: {
    en: 'The swap ({total}) was full too: more of it would only have made everything slower first',
    zh: '交换空间({total})也已用尽:再加交换只会先变慢再出事',
  },
  OOM_EARLY: {
    en: 'earlyoom ended {name} ({mib}) before the kernel had to; whom it takes follows oom_score_adj, so look for who had the memory',
    zh: 'earlyoom 抢在内核之前结束了 {name}({mib});它按 oom_score_adj 选择,请另查谁占用了内存',
  },
  OOM_BY_SYSTEMD: {
    en: 'systemd-oomd killed all of {name}, since {constraint}',
    zh: 'systemd-oomd 杀死了整个 {name},原因:{constraint}',
  },
  OOM_OF_UNIT: {
    en: "systemd saw a process of {name} killed by the kernel; the kernel's own lines are missing (journalctl -k, dmesg)",
    zh: 'systemd 记录到 {name} 的进程被内核杀死;缺少内核自身的日志(journalctl -k、dmesg)',
  },
  OOM_HEAP_LIMIT: {
    en: 'V8 gave up: the heap reached the limit that it was given. The machine was not short of memory; the program keeps too much, or needs a larger heap',
    zh: 'V8 主动退出:堆达到了设定上限。整机并不缺内存,是程序保留过多对象或需要更大的堆',
  },
  OOM_PM2_RESTART: {
    en: 'PM2 restarted {name} at {mib}, above its limit of {limit}',
    zh: 'PM2 重启了 {name}:占用 {mib},超过上限 {limit}',
  },
  OOM_CONTAINER: {
    en: 'The container {name} reached its own memory limit',
    zh: '容器 {name} 达到了自身的内存上限',
  },
  OOM_SIGNAL_ONLY: {
    en: '{name} ended by {signal} (137 is SIGKILL, 134 abort); whether memory was why, the log of the kernel tells',
    zh: '{name} 因 {signal} 结束(137 为 SIGKILL,134 为 abort);是否因内存,请查内核日志',
  },
} as const satisfies Record<string, Text>;

/** Why a process was killed, most telling first, and what to change. Pure. */
export function explainKill(kill: Kill): Finding[] {
  const findings = [main(kill), ...details(kill)];
  const [first] = findings;
  const fix = fixFor(kill);
  return first === undefined || fix.length === 0 ? findings : [{ ...first, fix }, ...findings.slice(1)];
}

function main(kill: Kill): Finding {
  const data: TextData = {
    name: kill.name ?? '?',
    mib: mebibytes(kill.rssKb ?? kill.anonRssKb),
    limit: mebibytes(kill.limitKb),
    by: kill.invokedBy ?? '?',
    group: kill.limitCgroup ?? kill.cgroup ?? 'a control group',
    constraint: kill.constraint ?? '?',
    signal: kill.signal ?? '?',
  };
  switch (kill.mechanism) {
    case 'kernel-oom':
    case 'kernel-oom+systemd-note':
      return kill.constraint === 'CONSTRAINT_MEMCG'
        ? finding('OOM_GROUP_FULL', 'critical', data)
        : finding('OOM_MACHINE_FULL', 'critical', data);
    case 'earlyoom':
      return finding('OOM_EARLY', 'critical', data);
    case 'systemd-oomd':
      return finding('OOM_BY_SYSTEMD', 'critical', data);
    case 'systemd-note':
      return finding('OOM_OF_UNIT', 'critical', data);
    case 'v8-heap-limit':
      return finding('OOM_HEAP_LIMIT', 'critical', data);
    case 'pm2-restart':
      return finding('OOM_PM2_RESTART', 'warning', data);
    case 'container':
    case 'kubernetes':
      return finding('OOM_CONTAINER', 'critical', data);
    case 'exit-status':
      return finding('OOM_SIGNAL_ONLY', 'warning', data);
  }
}

function details(kill: Kill): Finding[] {
  const found: Finding[] = [];
  const name = kill.name ?? '?';
  const { culprit } = kill;
  if (culprit !== null && culprit.score !== null) {
    found.push(
      finding('OOM_CHILD_SACRIFICED', 'critical', {
        name,
        culprit: `${culprit.name} (${culprit.pid})`,
        score: culprit.score,
      }),
    );
  } else if (culprit !== null) {
    const { processes, memoryKb } = culprit;
    found.push(
      finding('OOM_VICTIM_IS_NOT_CULPRIT', 'critical', {
        name,
        culprit: culprit.name,
        processes,
        size: mebibytes(memoryKb),
      }),
    );
  }
  const crowd = crowdOf(kill);
  if (crowd !== undefined && culprit === null) found.push(crowd);
  if (kill.oomScoreAdj !== null && kill.oomScoreAdj >= RAISED_SCORE)
    found.push(finding('OOM_CHOSEN_BY_SCORE', 'info', { name, adj: kill.oomScoreAdj }));
  if (kill.constraint !== 'CONSTRAINT_MEMCG' && kill.totalSwapKb === 0)
    found.push(finding('OOM_WITHOUT_SWAP', 'warning', {}));
  if ((kill.totalSwapKb ?? 0) > 0 && kill.freeSwapKb !== null && kill.freeSwapKb < 1_024)
    found.push(finding('OOM_SWAP_FULL', 'warning', { total: mebibytes(kill.totalSwapKb) }));
  return found;
}

/** Several processes of one name that together had most of it. */
function crowdOf({ memory }: Kill): Finding | undefined {
  const [largest] = memory;
  if (largest === undefined || largest.processes < 2) return undefined;
  const all = memory.reduce((sum, share) => sum + memoryOf(share), 0);
  const share = memoryOf(largest) / all;
  if (share < LARGE_SHARE) return undefined;
  return finding('OOM_MANY_OF_ONE', 'warning', {
    program: largest.name,
    processes: largest.processes,
    size: mebibytes(memoryOf(largest)),
    share: Math.round(share * 100),
  });
}

function finding(code: keyof typeof WHY, severity: Finding['severity'], data: TextData): Finding {
  const fix: readonly FixLine[] = [];
  return { code, severity, text: WHY[code], data, fix };
}

export function mebibytes(kb: number | null): string {
  return kb === null ? '?' : `${Math.round(kb / 1_024)} MiB`;
}
