import { findCulprit } from './culprit.ts';
import { type KernelLine, type KilledProcess, kernelLine } from './kernel-lines.ts';
import type { Kill } from './kill.ts';
import type { LogLine } from './log-line.ts';
import { columnsOf, sharesOf, type Task, taskOf } from './task-table.ts';

/** The kernel lists each process; a small box has some hundred, and what is beyond this is no box of ours. */
const MOST_TASKS = 10_000;
/** A report is written within milliseconds; what comes later without a beginning of its own is another one. */
const SAME_REPORT_SECONDS = 10;

/** What is known so far of the report that is being read. */
interface Pending {
  invokedBy: string | null;
  chosen: { readonly pid: number; readonly name: string; readonly score: number } | undefined;
  constraint: string | null;
  isGroup: boolean | undefined;
  cgroup: string | null;
  limitCgroup: string | null;
  limitKb: number | null;
  kernel: string | null;
  totalSwapKb: number | null;
  freeSwapKb: number | null;
  ramKb: number | null;
  readonly tasks: Map<number, Task>;
  columns: ReturnType<typeof columnsOf>;
  /** Once somebody died, lines before belong to that; a whole group goes on dying. */
  kills: number;
  isWholeGroup: boolean;
  startedAt: LogLine | undefined;
}

/** A report whose victim is not in the log: cut off, or nothing was left to kill. */
export interface UnfinishedReport {
  readonly invokedBy: string;
  readonly kernel: string | null;
  readonly time: string | null;
  readonly uptimeSeconds: number | null;
}

/** A log with more of them is no log of kills. */
const MOST_UNFINISHED = 100;

/**
 * Puts together what the kernel wrote of each kill, line by line, in whatever order and however much of it is missing.
 * Lines of others in between are no harm.
 */
export class KernelReport {
  #pending = nothingYet();
  readonly #unfinished: UnfinishedReport[] = [];
  readonly #kernels = new Set<string>();

  /** The kernel that wrote, where all reports name the same one. */
  get kernel(): string | null {
    const [first = null] = this.#kernels;
    return this.#kernels.size === 1 ? first : null;
  }

  /** Reports without a victim; the last one counts once the log has ended. */
  unfinished(): readonly UnfinishedReport[] {
    this.#giveUp();
    return this.#unfinished;
  }

  /** Takes one line; answers the kill that it completes. */
  read(line: LogLine, lineNumber: number): Kill | undefined {
    if (this.#readTable(line)) return undefined;
    const said = kernelLine(line.text);
    if (said === undefined) return undefined;
    if (said.kind === 'killed') return this.#kill(said, said.isGroup, line, lineNumber);
    if (said.kind === 'reaped') return undefined;
    this.#note(said, line);
    return undefined;
  }

  /** Rows stand under their header; where a log begins in the middle of a table there is none. */
  #readTable(line: LogLine): boolean {
    if (!line.text.trimStart().startsWith('[')) return false;
    const text = line.text.trim();
    const columns = columnsOf(text);
    if (columns !== undefined) {
      this.#pending.columns = columns;
      this.#pending.tasks.clear();
      return true;
    }
    // After a kill there is a new table, and where its header is cut off the last one's says nothing of it.
    const isNew = this.#pending.kills > 0;
    const task = taskOf(text, isNew ? undefined : this.#pending.columns);
    if (task === undefined) return false;
    if (isNew) this.#pending = nothingYet();
    if (this.#pending.tasks.size < MOST_TASKS) this.#pending.tasks.set(task.pid, task);
    return true;
  }

  #note(said: Exclude<KernelLine, { kind: 'killed' | 'reaped' }>, line: LogLine): void {
    if (said.kind === 'invoked') this.#giveUp();
    else if (this.#isOver(said)) this.#pending = nothingYet();
    const pending = this.#pending;
    pending.startedAt ??= line;
    switch (said.kind) {
      case 'invoked':
        pending.invokedBy = said.by;
        break;
      case 'chosen':
        pending.chosen = said;
        pending.isGroup = said.isGroup;
        break;
      case 'constraint':
        pending.constraint = said.constraint;
        pending.cgroup = said.cgroup ?? pending.cgroup;
        pending.limitCgroup = said.limitCgroup ?? pending.limitCgroup;
        break;
      case 'group':
        pending.cgroup = said.cgroup;
        pending.limitCgroup = said.limitCgroup;
        break;
      case 'usage':
        pending.limitKb = said.limitKb;
        break;
      case 'kernel':
        pending.kernel = said.version;
        if (this.#kernels.size < 2) this.#kernels.add(said.version);
        break;
      case 'swap':
        pending.totalSwapKb = said.totalKb ?? pending.totalSwapKb;
        pending.freeSwapKb = said.freeKb ?? pending.freeSwapKb;
        break;
      case 'ram':
        pending.ramKb = said.kb;
        break;
      case 'whole-group':
        pending.isWholeGroup = true;
        break;
      case 'panic':
        break;
    }
  }

  /** Another report begins, or the log ends: nobody will die of this one any more. */
  #giveUp(): void {
    const { invokedBy, kernel, kills, startedAt } = this.#pending;
    if (invokedBy !== null && kills === 0 && this.#unfinished.length < MOST_UNFINISHED) {
      const { time = null, uptimeSeconds = null } = startedAt ?? {};
      this.#unfinished.push({ invokedBy, kernel, time, uptimeSeconds });
    }
    this.#pending = nothingYet();
  }

  /** Of a report whose victim is known, only that a whole group dies may still come. */
  #isOver(said: KernelLine): boolean {
    return this.#pending.kills > 0 && said.kind !== 'whole-group' && said.kind !== 'panic';
  }

  #kill(victim: KilledProcess, isGroupHere: boolean | undefined, line: LogLine, lineNumber: number): Kill {
    if (this.#pending.kills > 0 && !this.#pending.isWholeGroup) this.#pending = nothingYet();
    if (isLongAfter(this.#pending.startedAt, line)) this.#pending = nothingYet();
    const pending = this.#pending;
    pending.kills += 1;
    const isGroup =
      pending.constraint === null ? (isGroupHere ?? pending.isGroup ?? pending.cgroup !== null) : undefined;
    const memory = sharesOf(pending.tasks.values());
    return {
      mechanism: 'kernel-oom',
      pid: victim.pid,
      name: victim.name,
      anonRssKb: victim.anonRssKb,
      rssKb: victim.rssKb,
      processes: 1,
      signal: 'SIGKILL',
      constraint: pending.constraint ?? (isGroup === true ? 'CONSTRAINT_MEMCG' : 'CONSTRAINT_NONE'),
      constraintInferred: pending.constraint === null,
      cgroup: pending.cgroup,
      limitCgroup: pending.limitCgroup === pending.cgroup ? null : pending.limitCgroup,
      limitKb: pending.limitKb,
      oomScoreAdj: victim.scoreAdj,
      unit: unitOf(pending.cgroup),
      kernel: pending.kernel,
      time: line.time ?? pending.startedAt?.time ?? null,
      uptimeSeconds: line.uptimeSeconds,
      culprit: findCulprit(victim, pending.chosen, memory),
      invokedBy: pending.invokedBy,
      memory,
      freeSwapKb: pending.freeSwapKb,
      totalSwapKb: pending.totalSwapKb,
      ramKb: pending.ramKb,
      complete:
        pending.invokedBy !== null &&
        (pending.constraint !== null || pending.chosen !== undefined) &&
        memory.length > 0,
      line: lineNumber,
    };
  }
}

function nothingYet(): Pending {
  return {
    invokedBy: null,
    chosen: undefined,
    constraint: null,
    isGroup: undefined,
    cgroup: null,
    limitCgroup: null,
    limitKb: null,
    kernel: null,
    totalSwapKb: null,
    freeSwapKb: null,
    ramKb: null,
    tasks: new Map(),
    columns: undefined,
    kills: 0,
    isWholeGroup: false,
    startedAt: undefined,
  };
}

function isLongAfter(first: LogLine | undefined, line: LogLine): boolean {
  if (first === undefined) return false;
  if (first.uptimeSeconds !== null && line.uptimeSeconds !== null) {
    return Math.abs(line.uptimeSeconds - first.uptimeSeconds) > SAME_REPORT_SECONDS;
  }
  if (first.time === null || line.time === null) return false;
  return Math.abs(Date.parse(line.time) - Date.parse(first.time)) > SAME_REPORT_SECONDS * 1_000;
}

/** The systemd unit whose group it is; undefined for containers' and users' own groups. */
function unitOf(cgroup: string | null): string | null {
  return /([^/]+\.(?:service|scope))(?:\/|$)/.exec(cgroup ?? '')?.[1] ?? null;
}
