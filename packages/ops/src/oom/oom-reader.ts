import { RecentMap } from '@maque/kit';
import { KernelReport, type UnfinishedReport } from './kernel-report.ts';
import type { Kill } from './kill.ts';
import { type LogLine, parseLogLine } from './log-line.ts';
import { type NotableLine, notableLine } from './notable-lines.ts';
import { killOfRemark, otherKill, type UnitRemark, unitRemark } from './other-killers.ts';

/** What was found in a log. */
export interface OomReport {
  readonly kills: readonly Kill[];
  /** Found and not kept: more than anybody reads. */
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
/** Longer lines are no log's; what stands behind is not looked at. */
const MAX_LINE = 4_096;
/** Units of which both the kernel and systemd may tell at a time. */
const MAX_UNITS = 100;
/** What systemd says comes with the kill, or when the unit has ended, some seconds later. */
const REMARK_SECONDS = 30;

/**
 * Reads a log line by line and finds every kill for want of memory, whoever wrote it. Never fails: what it does not know
 * it passes over. Keeps a bounded part of the log, however long that is.
 */
export class OomReader {
  readonly #options: Required<OomReaderOptions>;
  readonly #kernel = new KernelReport();
  readonly #kills: Kill[] = [];
  readonly #timeline: NotableLine[] = [];
  /** Index of the newest kill of each unit. */
  readonly #byUnit = new RecentMap<string, number>(MAX_UNITS);
  #leftOut = 0;
  #lines = 0;
  /** V8 tells the process in the lines before it gives up. */
  #v8Pid: number | null = null;

  constructor({ nowMs, maxKills = MAX_KILLS, maxTimeline = MAX_TIMELINE }: OomReaderOptions) {
    this.#options = { nowMs, maxKills, maxTimeline };
  }

  read(raw: string): void {
    this.#lines += 1;
    if (!MAY_MATTER.test(raw)) return;
    const line = parseLogLine(ownCopy(raw.slice(0, MAX_LINE)), this.#options.nowMs);
    const pid = V8_COLLECTION.exec(line.text)?.[1];
    if (pid !== undefined) this.#v8Pid = Number(pid);
    const kill = this.#kernel.read(line, this.#lines) ?? otherKill(line, this.#lines);
    if (kill !== undefined) {
      this.#add(kill.mechanism === 'v8-heap-limit' ? { ...kill, pid: this.#v8Pid } : kill);
      return;
    }
    const remark = unitRemark(line);
    if (remark !== undefined) this.#remark(remark, line);
    else this.#notice(line);
  }

  /** All that was found; nothing may be read after it. */
  report(): OomReport {
    const unfinished = this.#kernel.unfinished();
    const { kernel } = this.#kernel;
    return {
      // A kill whose own report is cut off was written by the same kernel as the others.
      kills: this.#kills.map((kill) =>
        isOfKernel(kill) ? { ...kill, kernel: kill.kernel ?? kernel } : kill,
      ),
      unfinished,
      killsLeftOut: this.#leftOut,
      timeline: this.#timeline,
      linesRead: this.#lines,
    };
  }

  #add(kill: Kill): void {
    if (this.#isEscalation(kill)) return;
    if (this.#kills.length >= this.#options.maxKills) {
      this.#leftOut += 1;
      return;
    }
    this.#kills.push(kill);
    if (kill.unit !== null) this.#byUnit.set(kill.unit, this.#kills.length - 1);
  }

  /** Who did not end at SIGTERM gets SIGKILL: one kill. */
  #isEscalation(kill: Kill): boolean {
    const last = this.#kills.at(-1);
    if (kill.mechanism !== 'earlyoom' || last?.mechanism !== 'earlyoom' || last.pid !== kill.pid)
      return false;
    this.#kills[this.#kills.length - 1] = { ...last, signal: kill.signal };
    return true;
  }

  /** Belongs to the kill of that unit just before, or is all that is known of one. */
  #remark(remark: UnitRemark, line: LogLine): void {
    const index = this.#byUnit.get(remark.unit) ?? this.#unitlessKill(remark, line);
    const known = index === undefined ? undefined : this.#kills[index];
    if (index === undefined || known === undefined || !isSoonAfter(known, line)) {
      this.#add(killOfRemark(remark, line, this.#lines));
      return;
    }
    this.#kills[index] = {
      ...known,
      unit: remark.unit,
      processes: Math.max(known.processes, remark.processes ?? 1),
      mechanism: known.mechanism === 'kernel-oom' ? 'kernel-oom+systemd-note' : known.mechanism,
    };
    this.#byUnit.set(remark.unit, index);
  }

  /** Kernels before 4.19 do not tell the group of who they kill when the whole machine is short. */
  #unitlessKill(remark: UnitRemark, line: LogLine): number | undefined {
    const index = this.#kills.length - 1;
    const last = this.#kills[index];
    const fits = remark.by === 'kernel' && last?.mechanism === 'kernel-oom' && last.unit === null;
    return fits && isSoonAfter(last, line) ? index : undefined;
  }

  #notice(line: LogLine): void {
    const notable = notableLine(line, this.#lines);
    if (notable === undefined) return;
    this.#timeline.push(notable);
    if (this.#timeline.length > this.#options.maxTimeline) this.#timeline.shift();
  }
}

/**
 * Every line that says anything has one of these: asked first, since nearly none of the lines of a log does, and taking
 * one apart costs ten times as much. The last are a row and the header of the kernel's table, and V8's collections.
 */
const MAY_MATTER =
  /oom|OOM|[Kk]ill|emory|[Ss]wap|limit|Started |Stopped |restart|pages RAM|ainted|Comm:|SIG|exited|Linux version|\[ *\d+\] +-?\d+ +\d|:0x[0-9a-f]+\] +\d+ ms|\[ *pid *\]/;

/** `[7:0x5581a0]    81234 ms: Mark-Compact 250.1 (258.2) -> 249.9 (258.2) MB, …` */
const V8_COLLECTION = /^\[(\d{1,10}):0x[0-9a-f]{4,16}\]\s{1,12}\d{1,15} ms: /;

/** A part of a string keeps all of it in memory: here 64 KiB of the log for each name that is remembered. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}

function isOfKernel({ mechanism }: Kill): boolean {
  return mechanism.startsWith('kernel-oom');
}

function isSoonAfter(kill: Kill, line: LogLine): boolean {
  if (kill.time === null || line.time === null) return true;
  const seconds = (Date.parse(line.time) - Date.parse(kill.time)) / 1_000;
  return Number.isNaN(seconds) || (seconds >= -REMARK_SECONDS && seconds <= REMARK_SECONDS);
}
