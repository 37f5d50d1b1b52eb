import { KernelReport, type UnfinishedReport } from './kernel-report.ts';
import type { Kill } from './kill.ts';
import type { LogLine } from './log-line.ts';

/** Machines whose logs come as one, and on each of them tasks that run out of memory at once. */
const MOST_AT_ONCE = 32;
/** Machines of which is remembered what kernel they run. */
const MOST_MACHINES = 1_000;
/** A log with more of them is no log of kills. */
const MOST_UNFINISHED = 100;

/** Whose lines make one report. */
interface Author {
  readonly host: string;
  /** Null until a line names it; most kernels do not. */
  task: string | null;
  readonly report: KernelReport;
}

/**
 * Tells apart reports that write into one another's lines: of several machines, by the name that stands before them, and
 * of one machine, where its kernel says which task printed a line.
 */
export class KernelReports {
  /** Who wrote last stands last. */
  #authors: readonly Author[] = [];
  readonly #unfinished: UnfinishedReport[] = [];
  readonly #kernels = new Map<string, Set<string>>();

  /** Takes one line; answers the kills that it completes, or of which it shows that no more will be told. */
  read(line: LogLine, lineNumber: number): readonly Kill[] {
    const author = this.#authorOf(line);
    const kills = author.report.read(line, lineNumber);
    const [oldest] = this.#authors;
    if (this.#authors.length <= MOST_AT_ONCE || oldest === undefined) return kills;
    const overdue = oldest.report.finish();
    this.#forget(oldest);
    return [...overdue, ...kills];
  }

  /** No more is told for now by that machine: who was named is dead, though the line that says so is lost. */
  finish(host: string | null): readonly Kill[] {
    return this.#authors.filter((one) => one.host === (host ?? '')).flatMap(({ report }) => report.finish());
  }

  /** The log has ended; answers the kills of those that were still writing. */
  end(): readonly Kill[] {
    const kills = this.#authors.flatMap(({ report }) => report.finish());
    for (const author of this.#authors) this.#forget(author);
    return kills;
  }

  /** Reports without a victim, once the log has ended. */
  get unfinished(): readonly UnfinishedReport[] {
    return this.#unfinished;
  }

  /** The kernel of a machine, where all of its reports name the same one; once the log has ended. */
  kernelOf(host: string | null): string | null {
    const [first = null, another] = this.#kernels.get(host ?? '') ?? [];
    return another === undefined ? first : null;
  }

  /** Of one machine, a line that names no task belongs to whoever wrote before it. */
  #authorOf({ host, task }: LogLine): Author {
    const isOfIt = (one: Author) =>
      one.host === (host ?? '') && (one.task === null || task === null || one.task === task);
    const last = this.#authors.at(-1);
    const known = last !== undefined && isOfIt(last) ? last : this.#authors.findLast(isOfIt);
    const author = known ?? { host: host ?? '', task, report: new KernelReport() };
    author.task ??= task;
    if (author !== last) this.#authors = [...this.#authors.filter((one) => one !== author), author];
    return author;
  }

  #forget(author: Author): void {
    const { host, report } = author;
    this.#authors = this.#authors.filter((one) => one !== author);
    this.#unfinished.push(...report.unfinished.slice(0, MOST_UNFINISHED - this.#unfinished.length));
    const known = this.#kernels.get(host);
    if (known !== undefined) for (const kernel of report.kernels) known.add(kernel);
    else if (this.#kernels.size < MOST_MACHINES) this.#kernels.set(host, new Set(report.kernels));
  }
}
