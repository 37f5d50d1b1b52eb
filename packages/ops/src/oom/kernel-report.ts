import { RecentMap } from '@maque/kit';
import { containerIn, unitOf } from './control-groups.ts';
import { findCulprit } from './culprit.ts';
import { type KernelLine, type KilledProcess, kernelLine } from './kernel-lines.ts';
import type { Kill } from './kill.ts';
import type { LogLine } from './log-line.ts';
import { isDated, isLongAfter, isShortlyBefore, nothingYet } from './pending-report.ts';
import { columnsOf, inShort, sharesOf, taskOf } from './task-table.ts';
import { UNTOLD } from './untold.ts';

/** The kernel lists each process; a small box has some hundred, and what is beyond this is no box of ours. */
const MOST_TASKS = 10_000;

/** Names that are kept of each kill, the largest. */
const MOST_SHARES = 200;

/** A report whose victim is not in the log: cut off, or nothing was left to kill. */
export interface UnfinishedReport {
  readonly invokedBy: string;
  readonly kernel: string | null;
  readonly time: string | null;
  readonly uptimeSeconds: number | null;
}

/** Reports that write into one another's lines. */
const MOST_AT_ONCE = 8;
/** A log with more of them is no log of kills. */
const MOST_UNFINISHED = 100;

/**
 * Puts together what the kernel wrote of each kill, line by line, in whatever order and however much of it is missing.
 * Lines of others in between are no harm.
 */
export class KernelReport {
  #pending = nothingYet();
  readonly #unfinished: UnfinishedReport[] = [];
  /** A report that began before the last kill belongs to it, though it stands below: the log is read from its end. */
  #lastKilledAt: LogLine | undefined;
  readonly #kernels = new Set<string>();
  readonly #overdue: Kill[] = [];
  /** Those that were given up, in case that they are told dead after all: two reports wrote into one another. */
  readonly #givenUp = new RecentMap<number, Kill>(MOST_AT_ONCE);

  /** The kernels that the reports name, two of them at most: of one machine all name the same. */
  get kernels(): ReadonlySet<string> {
    return this.#kernels;
  }

  /** Reports without a victim. */
  get unfinished(): readonly UnfinishedReport[] {
    return this.#unfinished;
  }

  /** Takes one line; answers the kills that it completes, or of which it shows that no more will be told. */
  read(line: LogLine, lineNumber: number): readonly Kill[] {
    if (this.#readTable(line)) return this.#takeOverdue();
    const said = kernelLine(line.text);
    if (said === undefined || said.kind === 'reaped') return NONE;
    if (said.kind === 'killed') {
      const before = this.#givenUp.get(said.pid);
      if (before !== undefined && !isLongAfter(before, line)) return [toldDead(before, said, line)];
      // Where a whole group dies, who was chosen first is told once more, with what is left of it.
      if (this.#pending.isWholeGroup && this.#pending.killed.has(said.pid)) return NONE;
      const kill = this.#kill(said, said.constraint, line, lineNumber);
      return [...this.#takeOverdue(), kill];
    }
    this.#note(said, line, lineNumber);
    return this.#takeOverdue();
  }

  /** The log has ended: who was named and not told dead died all the same. */
  finish(): readonly Kill[] {
    this.#giveUp();
    return this.#takeOverdue();
  }

  #takeOverdue(): readonly Kill[] {
    return this.#overdue.length === 0 ? NONE : this.#overdue.splice(0);
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
    const isNew = this.#pending.killed.size > 0;
    const task = taskOf(text, isNew ? undefined : this.#pending.columns);
    if (task === undefined) return false;
    if (isNew) this.#begin();
    if (this.#pending.tasks.size < MOST_TASKS) this.#pending.tasks.set(task.pid, task);
    return true;
  }

  #note(said: Exclude<KernelLine, { kind: 'killed' | 'reaped' }>, line: LogLine, lineNumber: number): void {
    const isNew = said.kind === 'invoked' || isLongAfter(this.#pending.startedAt, line);
    if (isNew || this.#namesAnother(said)) this.#giveUp();
    else if (this.#isOver(said)) this.#begin();
    const pending = this.#pending;
    pending.startedAt ??= line;
    switch (said.kind) {
      case 'invoked':
        pending.invokedBy = said.by;
        break;
      case 'chosen':
        pending.chosen = said;
        pending.namedAt ??= { line, number: lineNumber };
        break;
      case 'constraint':
        pending.constraint = said.constraint;
        pending.victim = said.victim;
        if (said.victim !== null) pending.namedAt ??= { line, number: lineNumber };
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
        pending.cgroup ??= said.cgroup;
        break;
      case 'panic':
        break;
    }
  }

  /** Another report begins, or the log ends: nobody will be told dead of this one any more. */
  #giveUp(): void {
    const { invokedBy, kernel, killed, startedAt, namedAt, victim, chosen } = this.#pending;
    const named = victim ?? chosen;
    if (killed.size === 0 && named !== undefined && namedAt !== undefined) {
      const { pid, name } = named;
      const unknown = { anonRssKb: null, rssKb: null, scoreAdj: null };
      const kill = this.#killBy({ pid, name, ...unknown }, undefined, namedAt.line, namedAt.number);
      this.#overdue.push(kill);
      this.#givenUp.set(pid, kill);
    } else if (invokedBy !== null && killed.size === 0 && !this.#isBelowItsKill(startedAt)) {
      const { time = null, uptimeSeconds = null } = startedAt ?? {};
      if (this.#unfinished.length < MOST_UNFINISHED)
        this.#unfinished.push({ invokedBy, kernel, time, uptimeSeconds });
    }
    this.#begin();
  }

  #isBelowItsKill(startedAt: LogLine | undefined): boolean {
    const killedAt = this.#lastKilledAt;
    return startedAt !== undefined && killedAt !== undefined && isShortlyBefore(startedAt, killedAt);
  }

  #begin(): void {
    this.#pending = nothingYet();
  }

  /** A second victim is named before the first was told dead: its own lines are lost. */
  #namesAnother(said: KernelLine): boolean {
    const { killed, victim, chosen } = this.#pending;
    if (killed.size > 0) return false;
    if (said.kind === 'chosen') return chosen !== undefined && chosen.pid !== said.pid;
    return (
      said.kind === 'constraint' &&
      said.victim !== null &&
      victim !== null &&
      victim.pid !== said.victim.pid &&
      chosen === undefined
    );
  }

  /** Two that run out of memory at once write into one another's lines: who asked first is told before both die. */
  #askedBefore(line: LogLine): string | null {
    const last = this.#unfinished.at(-1);
    if (last === undefined || isLongAfter(last, line) || !isDated(last, line)) return null;
    this.#unfinished.pop();
    return last.invokedBy;
  }

  /** Of a report whose victim is known, only that a whole group dies may still come. */
  #isOver(said: KernelLine): boolean {
    return this.#pending.killed.size > 0 && said.kind !== 'whole-group' && said.kind !== 'panic';
  }

  #kill(victim: KilledProcess, wording: string | undefined, line: LogLine, lineNumber: number): Kill {
    if (this.#pending.killed.size > 0 && !this.#pending.isWholeGroup) this.#begin();
    if (isLongAfter(this.#pending.startedAt, line)) this.#giveUp();
    return this.#killBy(victim, wording, line, lineNumber);
  }

  /** By the report as far as it is known. */
  #killBy(victim: KilledProcess, wording: string | undefined, line: LogLine, lineNumber: number): Kill {
    const pending = this.#pending;
    if (pending.killed.size < MOST_TASKS) pending.killed.add(victim.pid);
    pending.invokedBy ??= this.#askedBefore(line);
    this.#lastKilledAt = line;
    const inGroup = pending.cgroup === null ? 'CONSTRAINT_NONE' : 'CONSTRAINT_MEMCG';
    const memory = sharesOf(pending.tasks.values());
    return {
      mechanism: 'kernel-oom',
      pid: victim.pid,
      name: victim.name,
      anonRssKb: victim.anonRssKb,
      rssKb: victim.rssKb,
      processes: 1,
      signal: 'SIGKILL',
      constraint: pending.constraint ?? wording ?? pending.chosen?.constraint ?? inGroup,
      constraintInferred: pending.constraint === null,
      cgroup: pending.cgroup,
      limitCgroup: pending.limitCgroup === pending.cgroup ? null : pending.limitCgroup,
      limitKb: pending.limitKb,
      oomScoreAdj: victim.scoreAdj,
      unit: unitOf(pending.cgroup),
      container: containerIn(pending.cgroup),
      host: line.host,
      kernel: pending.kernel,
      time: line.time ?? pending.startedAt?.time ?? null,
      uptimeSeconds: line.uptimeSeconds,
      culprit: findCulprit(victim, pending.chosen, memory, pending.tasks),
      invokedBy: pending.invokedBy,
      ...inShort({ memory, memoryLeftOut: UNTOLD.memoryLeftOut }, MOST_SHARES),
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

const NONE: readonly Kill[] = [];

function toldDead(kill: Kill, { anonRssKb, rssKb, scoreAdj }: KilledProcess, line: LogLine): Kill {
  return { ...kill, anonRssKb, rssKb, oomScoreAdj: scoreAdj, uptimeSeconds: line.uptimeSeconds };
}
