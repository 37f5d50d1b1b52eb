import { ContainerDetails } from './container-details.ts';
import { FoundKills } from './found-kills.ts';
import { JournalFields } from './journal-fields.ts';
import type { UnfinishedReport } from './kernel-report.ts';
import { KernelReports } from './kernel-reports.ts';
import type { Kill } from './kill.ts';
import { type LogLine, parseLogLine } from './log-line.ts';
import { type NotableLine, NotableLines, notableLine } from './notable-lines.ts';
import { otherKill } from './other-killers.ts';
import { ProgramWords } from './program-words.ts';
import { isKernelKill } from './same-kill.ts';
import { SystemdSignals } from './systemd-signals.ts';
import { unitRemark } from './unit-remarks.ts';
import { type NumberedLine, WrappedLines } from './wrapped-lines.ts';

/** What was found in a log. */
export interface OomReport {
  readonly kills: readonly Kill[];
  /** Found and not kept, the oldest: more than anybody reads. */
  readonly killsLeftOut: number;
  /** Somebody ran out of memory, and who died for it is not in the log. */
  readonly unfinished: readonly UnfinishedReport[];
  /** What else happened that matters for them: starts, stops, swap, pressure. In order. */
  readonly timeline: readonly NotableLine[];
  readonly linesRead: number;
}

export interface OomReaderOptions {
  /** By what a date without a year is judged, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly maxKills?: number;
  readonly maxTimeline?: number;
}

/** A log of a year of nightly kills, twice over. */
const MAX_KILLS = 1_000;
const MAX_TIMELINE = 500;
/** Of a line that tells one thing of a container. */
const MAX_DETAIL = 400;

/**
 * Reads a log line by line and finds every kill for want of memory, whoever wrote it. Never fails: what it does not know
 * it passes over. Keeps a bounded part of the log, however long that is.
 */
export class OomReader {
  readonly #nowMs: number;
  readonly #kernels = new KernelReports();
  readonly #found: FoundKills;
  readonly #notable: NotableLines;
  readonly #wrapped = new WrappedLines();
  readonly #journal = new JournalFields();
  readonly #details = new ContainerDetails();
  readonly #programs = new ProgramWords();
  readonly #signals = new SystemdSignals();
  #lines = 0;

  constructor({ nowMs, maxKills = MAX_KILLS, maxTimeline = MAX_TIMELINE }: OomReaderOptions) {
    this.#nowMs = nowMs;
    this.#found = new FoundKills(maxKills);
    this.#notable = new NotableLines(maxTimeline);
  }

  read(raw: string): void {
    this.#lines += 1;
    this.#details.remember(raw, this.#lines);
    if (this.#details.isFollowing) this.#addDetail(raw);
    if (this.#wrapped.joins(raw)) return;
    this.#readOpen();
    if (!MAY_MATTER.test(raw)) return;
    const line = { text: ownCopy(raw), number: this.#lines };
    if (!this.#wrapped.opens(line)) this.#readWhole(line);
  }

  /** All that was found; nothing may be read after it. */
  report(): OomReport {
    this.#readOpen();
    this.#found.addAll(this.#kernels.end());
    return {
      kills: this.#found.all.map((kill) => (isKernelKill(kill) ? this.#withKernel(kill) : kill)),
      unfinished: this.#kernels.unfinished,
      killsLeftOut: this.#found.leftOut,
      timeline: this.#notable.all(),
      linesRead: this.#lines,
    };
  }

  /** A kill whose own report is cut off was written by the same kernel as the others of that machine. */
  #withKernel(kill: Kill): Kill {
    return { ...kill, kernel: kill.kernel ?? this.#kernels.kernelOf(kill.host) };
  }

  #readOpen(): void {
    const line = this.#wrapped.close();
    if (line !== undefined) this.#readWhole(line);
  }

  #readWhole({ text, number }: NumberedLine): void {
    const line = this.#lineOf(text, number);
    if (line !== undefined) this.#readLine(line, number);
  }

  #lineOf(raw: string, number: number): LogLine | undefined {
    const field = this.#journal.read(raw, this.#nowMs);
    if (field === 'part') return undefined;
    const line = field ?? parseLogLine(raw, this.#nowMs);
    // A log that is cut off begins anywhere: what looks like a host may be the rest of one.
    const mayBeCut = number === 1 && line.time === null && !raw.startsWith('[');
    return mayBeCut ? { ...line, host: null } : line;
  }

  #readLine(line: LogLine, number: number): void {
    const kills = this.#kernels.read(line, number);
    this.#found.addAll(kills);
    if (kills.length > 0) {
      this.#notable.keep();
      return;
    }
    this.#signals.listen(line, number);
    const other = this.#programs.read(line, number) ?? otherKill(line, number);
    if (other !== undefined && !this.#signals.explains(other)) {
      this.#found.add(this.#details.complete(other));
      this.#notable.keep();
      if (other.unit !== null) this.#note(line, number);
      return;
    }
    const remark = unitRemark(line);
    if (remark === undefined) {
      this.#note(line, number);
      return;
    }
    // systemd speaks when it is over: whoever was named is dead, though the line that says so is lost.
    this.#found.addAll(this.#kernels.finish(line.host));
    this.#found.remark(remark, line, number);
    this.#notable.keep();
  }

  #note(line: LogLine, number: number): void {
    const notable = notableLine(line, number);
    if (notable !== undefined) this.#notable.add(notable);
  }

  /** Of a container that was killed, what stands below it. */
  #addDetail(raw: string): void {
    const last = this.#found.last;
    if (last === undefined) return;
    const told = this.#details.follow(last, ownCopy(raw.slice(0, MAX_DETAIL)));
    if (told !== undefined) this.#found.replaceLast(told);
  }
}

/**
 * Every line that says anything has one of these: asked first, since nearly none of the lines of a log does, and taking
 * one apart costs ten times as much. Among the last are a row and the header of the kernel's table, and V8's collections,
 * and a shell's "killed" in Chinese.
 */
const MAY_MATTER =
  /oom|OOM|[Kk]ill|emory|[Ss]wap|limit|Started |Stopped |estart|pages RAM|ainted|Comm:|SIG|PID: |xit(?:ed|Code|[ -](?:c|C|st))|errno|Linux version|panic|\[ *\d+\] +-?\d+ +\d|:(?:0x)?[0-9A-Fa-f]+\] +\d+ ms|\[ *pid *\]|TIMESTAMP|\[s=[0-9a-f]{8}|deploy|CRON|crond|unattended|apt-get|dnf|yum|dpkg|VmRSS|hs_err|java_pid|llocat|timed out|bad_alloc|ENOMEM|\u6740\u6b7b/;

/** A part of a string keeps all of it in memory: here 64 KiB of the log for each name that is remembered. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}
