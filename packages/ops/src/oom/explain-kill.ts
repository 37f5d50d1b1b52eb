import type { Text, TextData } from '@maque/kit';
import type { Finding, FixLine } from '../findings/finding.ts';
import { CAUSES, type CauseCode } from './causes.ts';
import { fixFor } from './fix-for.ts';
import type { Kill } from './kill.ts';
import { memoryOf } from './task-table.ts';

/** A process whose points were raised this far is chosen for them, whatever its size: a tenth of all memory. */
const RAISED_SCORE = 100;
/** The least share of what was used that makes one program "who ate the memory". */
const LARGE_SHARE = 0.4;

/** Who died, where nothing tells its name. */
export const NAMELESS: Text = { en: 'a program', zh: '某个程序' };
const SOMEBODY: Text = { en: 'a process', zh: '某个进程' };
const SOME_SIGNAL: Text = { en: 'a signal', zh: '某个信号' };
const SOME_SIZE: Text = { en: 'size not told', zh: '大小未知' };
const SOME_REASON: Text = { en: 'memory was short', zh: '内存不足' };
/** Words of the reasons that systemd-oomd gives. */
const REASONS: readonly (readonly [told: string, words: Text])[] = [
  ['memory-pressure', { en: 'memory pressure', zh: '内存压力' }],
  ['swap-used', { en: 'used swap', zh: '已用交换空间' }],
];
/** They end processes before the kernel has to. */
const ACTS_EARLY: ReadonlySet<string> = new Set(['earlyoom', 'nohang', 'lmkd']);

/** Why a process was killed, most telling first, and what to change. Pure. */
export function explainKill(kill: Kill): Finding[] {
  const findings = [main(kill), ...details(kill)];
  const [first] = findings;
  const fix = fixFor(kill);
  return first === undefined || fix.length === 0 ? findings : [{ ...first, fix }, ...findings.slice(1)];
}

function main(kill: Kill): Finding {
  const data: TextData = {
    name: kill.name ?? NAMELESS,
    mib: sizeText(sizeOf(kill)),
    limit: sizeText(kill.limitKb),
    by: ACTS_EARLY.has(kill.mechanism) ? kill.mechanism : asker(kill),
    group: groupOf(kill),
    constraint: reasonOf(kill),
    signal: kill.signal ?? SOME_SIGNAL,
  };
  const [code, severity] = mainCause(kill);
  return finding(code, severity, data);
}

/** In Chinese a program's name stands apart from the words around it, and words do not. */
function asker({ invokedBy }: Kill): Text {
  return invokedBy === null ? SOMEBODY : { en: invokedBy, zh: ` ${invokedBy}` };
}

/** Why, in words where they are known; figures stay as they are told. */
function reasonOf({ constraint }: Kill): Text | string {
  if (constraint === null) return SOME_REASON;
  const [told, words] = REASONS.find(([start]) => constraint.startsWith(start)) ?? [];
  if (told === undefined || words === undefined) return constraint;
  const figures = constraint.slice(told.length);
  return { en: words.en + figures, zh: words.zh + figures };
}

/** In Chinese a path stands apart from the words around it. */
function groupOf({ limitCgroup, cgroup }: Kill): Text {
  const group = limitCgroup ?? cgroup;
  if (group === null) return { en: 'a control group', zh: '某个控制组' };
  return { en: group, zh: `${group} ` };
}

/** Files that a process shares may count for another group: with them it could have more than the limit of its own. */
function sizeOf({ constraint, anonRssKb, rssKb }: Kill): number | null {
  return constraint === 'CONSTRAINT_MEMCG' ? (anonRssKb ?? rssKb) : (rssKb ?? anonRssKb);
}

function mainCause({ mechanism, constraint }: Kill): readonly [CauseCode, Finding['severity']] {
  switch (mechanism) {
    case 'kernel-oom':
    case 'kernel-oom+systemd-note':
      if (constraint === 'CONSTRAINT_MEMCG') return ['OOM_GROUP_FULL', 'critical'];
      return [constraint === 'CONSTRAINT_NONE' ? 'OOM_MACHINE_FULL' : 'OOM_BOUND_TO_NODES', 'critical'];
    case 'earlyoom':
    case 'nohang':
    case 'lmkd':
      return ['OOM_EARLY', 'critical'];
    case 'systemd-oomd':
      return ['OOM_BY_SYSTEMD', 'critical'];
    case 'systemd-note':
      return ['OOM_OF_UNIT', 'critical'];
    case 'v8-heap-limit':
      return ['OOM_HEAP_LIMIT', 'critical'];
    case 'jvm-heap-limit':
      return ['OOM_JAVA_LIMIT', 'critical'];
    case 'php-memory-limit':
      return ['OOM_PHP_LIMIT', 'warning'];
    case 'allocation-failed':
      return ['OOM_ASKED_IN_VAIN', 'critical'];
    case 'pm2-restart':
      return ['OOM_PM2_RESTART', 'warning'];
    case 'container':
      return ['OOM_CONTAINER', 'critical'];
    case 'kubernetes':
      return [constraint === 'container limit' ? 'OOM_CONTAINER' : 'OOM_NODE_FULL', 'critical'];
    case 'exit-status':
      return ['OOM_SIGNAL_ONLY', 'warning'];
  }
}

function details(kill: Kill): Finding[] {
  const found: Finding[] = [];
  const name = kill.name ?? NAMELESS;
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
        size: sizeText(memoryKb),
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
    found.push(finding('OOM_SWAP_FULL', 'warning', { total: sizeText(kill.totalSwapKb) }));
  return found;
}

/** Several processes of one name that together had most of it. */
function crowdOf({ memory, memoryLeftOut }: Kill): Finding | undefined {
  const [largest] = memory;
  if (largest === undefined || largest.processes < 2) return undefined;
  const all = memory.reduce((sum, share) => sum + memoryOf(share), memoryOf(memoryLeftOut));
  const share = memoryOf(largest) / all;
  if (share < LARGE_SHARE) return undefined;
  return finding('OOM_MANY_OF_ONE', 'warning', {
    program: largest.name,
    processes: largest.processes,
    size: mebibytes(memoryOf(largest)),
    share: Math.round(share * 100),
  });
}

function finding(code: CauseCode, severity: Finding['severity'], data: TextData): Finding {
  const fix: readonly FixLine[] = [];
  return { code, severity, text: CAUSES[code].text, data, fix };
}

function sizeText(kb: number | null): Text | string {
  return kb === null ? SOME_SIZE : mebibytes(kb);
}

export function mebibytes(kb: number): string {
  return `${Math.round(kb / 1_024)} MiB`;
}
