import type { Kill, KillMechanism } from './kill.ts';
import type { LogLine } from './log-line.ts';
import { killOfRemark, type UnitRemark } from './unit-remarks.ts';

/** What systemd and container engines say comes with the kill, or when the unit has ended, some seconds later. */
const REMARK_SECONDS = 30;
/** A program that is out of memory says so in many lines, and again and again. */
const SAME_TROUBLE_SECONDS = 60;
/** Where nothing tells the time: a stack trace, the lines of a container around its exit code. */
const SAME_TROUBLE_LINES = 60;
const SAME_EXIT_LINES = 20;
/** Kills among which the same one is looked for: more reports do not write into one another. */
const LOOKED_BACK = 16;
/** Programs that tell of their own end in many words. */
const TALKATIVE: ReadonlySet<KillMechanism> = new Set(['jvm-heap-limit', 'allocation-failed']);

/** The kills of a log: each once, whoever tells of it, in how many words and how often. */
export class FoundKills {
  readonly #kills: Kill[] = [];
  readonly #most: number;
  leftOut = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get all(): readonly Kill[] {
    return this.#kills;
  }

  get last(): Kill | undefined {
    return this.#kills.at(-1);
  }

  replaceLast(kill: Kill): void {
    if (this.#kills.length > 0) this.#kills[this.#kills.length - 1] = kill;
  }

  addAll(kills: readonly Kill[]): void {
    for (const kill of kills) this.add(kill);
  }

  add(kill: Kill): void {
    const index = this.#indexOfSame(kill);
    const known = this.#kills[index];
    if (known !== undefined) {
      this.#kills[index] = together(known, kill);
      this.#takeRemarks(index);
    } else if (this.#kills.length < this.#most) {
      this.#kills.push(kill);
      this.#takeRemarks(this.#kills.length - 1);
    } else this.leftOut += 1;
  }

  /** What systemd said of it before the kernel did: two wrote one log, or it is read from its end. */
  #takeRemarks(at: number): void {
    const kill = this.#kills[at];
    if (kill === undefined || !isKernelKill(kill)) return;
    const from = Math.max(0, at - LOOKED_BACK);
    const before = this.#kills.slice(from, at);
    const others = before.filter((one) => !isRemarkOn(one, kill));
    if (others.length < before.length) this.#kills.splice(from, at - from + 1, ...others, withRemark(kill));
  }

  /** Belongs to the kill of that unit just before, or is all that is known of one. */
  remark(remark: UnitRemark, line: LogLine, lineNumber: number): void {
    const index = this.#findLast(
      (kill) => isOfUnit(kill, remark.unit) && isWithin(kill, line, REMARK_SECONDS, true),
    );
    const known = this.#kills[index] ?? this.#unitless(remark, line);
    if (known === undefined) {
      this.add(killOfRemark(remark, line, lineNumber));
      return;
    }
    this.#kills[this.#kills.indexOf(known)] = withRemark({
      ...known,
      unit: known.unit ?? remark.unit,
      processes: Math.max(known.processes, remark.processes ?? 1),
    });
  }

  /** Kernels before 4.19 do not tell the group of who they kill when the whole machine is short. */
  #unitless(remark: UnitRemark, line: LogLine): Kill | undefined {
    const last = this.last;
    const fits = remark.by === 'kernel' && last?.mechanism === 'kernel-oom' && last.unit === null;
    return fits && isWithin(last, line, REMARK_SECONDS, true) ? last : undefined;
  }

  #indexOfSame(kill: Kill): number {
    return this.#findLast((known) => isSame(known, kill));
  }

  #findLast(is: (kill: Kill) => boolean): number {
    const least = Math.max(0, this.#kills.length - LOOKED_BACK);
    for (let index = this.#kills.length - 1; index >= least; index -= 1) {
      const kill = this.#kills[index];
      if (kill !== undefined && is(kill)) return index;
    }
    return -1;
  }
}

/** A unit of a user's own manager lies below the user's; both managers tell of it. */
function isOfUnit({ unit, cgroup }: Kill, name: string): boolean {
  return unit === name || cgroup?.split('/').includes(name) === true;
}

/** Only systemd's remark on a unit in which that kill was. */
function isRemarkOn(one: Kill, kill: Kill): boolean {
  const isRemark = one.mechanism === 'systemd-note' && one.unit !== null;
  return isRemark && isOfUnit(kill, one.unit) && isClose(one, kill, SAME_TROUBLE_LINES);
}

function withRemark(kill: Kill): Kill {
  return kill.mechanism === 'kernel-oom' ? { ...kill, mechanism: 'kernel-oom+systemd-note' } : kill;
}

function isKernelKill({ mechanism }: Kill): boolean {
  return mechanism.startsWith('kernel-oom');
}

function isSame(known: Kill, kill: Kill): boolean {
  if (kill.mechanism === 'kernel-oom') return isSameOfKernel(known, kill);
  if (kill.mechanism === 'exit-status') return isExitOf(known, kill);
  if (known.mechanism === 'exit-status') return isToldByExit(known, kill);
  if (kill.mechanism === 'container' && kill.container !== null && kill.container === known.container)
    return isClose(known, kill, SAME_EXIT_LINES);
  // The kubelet names the process that the kernel killed.
  if (kill.mechanism === 'kubernetes' && kill.pid !== null && isKernelKill(known))
    return kill.pid === known.pid && isClose(known, kill, SAME_EXIT_LINES);
  if (kill.mechanism !== known.mechanism) return false;
  // systemd and systemd-oomd tell of the same unit.
  if (kill.mechanism === 'systemd-oomd')
    return kill.unit === known.unit && known.cgroup === null && isClose(known, kill, SAME_EXIT_LINES);
  // Who did not end at SIGTERM gets SIGKILL: one kill.
  if (kill.mechanism === 'earlyoom' || kill.mechanism === 'nohang')
    return (kill.pid === null || kill.pid === known.pid) && isNear(known, kill);
  return TALKATIVE.has(kill.mechanism) && kill.name === known.name && isNear(known, kill);
}

/** In two logs, or in one that was written by two: cut off here and whole there. */
function isSameOfKernel(known: Kill, kill: Kill): boolean {
  if (!isKernelKill(known) || known.pid !== kill.pid) return false;
  if (known.host !== null && kill.host !== null && known.host !== kill.host) return false;
  if (known.anonRssKb !== null && kill.anonRssKb !== null && known.anonRssKb !== kill.anonRssKb) return false;
  if (known.time !== null && kill.time !== null) return isWithin(known, kill, 10, false);
  if (known.uptimeSeconds !== null && kill.uptimeSeconds !== null)
    return Math.abs(known.uptimeSeconds - kill.uptimeSeconds) < 10;
  // One tells the date and the other the uptime, or neither tells anything: the size is as good as a fingerprint.
  const hasSize = known.anonRssKb !== null && kill.anonRssKb !== null;
  return hasSize || kill.line - known.line < SAME_TROUBLE_LINES;
}

/** That a process ended by 137 or 134 says nothing new of one that is known to be killed. */
function isExitOf(known: Kill, exit: Kill): boolean {
  if (known.mechanism === 'exit-status') {
    const isSameProcess = known.pid === exit.pid || known.pid === null || exit.pid === null;
    return isSameProcess && !hasOtherName(known, exit) && isClose(known, exit, SAME_EXIT_LINES);
  }
  const isAbort = exit.signal === 'SIGABRT';
  const couldBe = isAbort
    ? ['v8-heap-limit', 'allocation-failed', 'jvm-heap-limit'].includes(known.mechanism)
    : known.mechanism !== 'v8-heap-limit';
  const isOther =
    (exit.pid !== null && known.pid !== null && exit.pid !== known.pid) ||
    (hasOtherName(known, exit) && !namesPrograms(known));
  return couldBe && !isOther && isClose(known, exit, SAME_EXIT_LINES);
}

/** The kernel and V8 name programs where others name containers. */
function namesPrograms(kill: Kill): boolean {
  return isKernelKill(kill) || kill.mechanism === 'v8-heap-limit';
}

function hasOtherName(known: Kill, exit: Kill): boolean {
  return known.name !== null && exit.name !== null && known.name !== exit.name;
}

/** Of a container, its exit code may stand above the reason. */
function isToldByExit(exit: Kill, kill: Kill): boolean {
  const isOfContainer = kill.mechanism === 'container' || kill.mechanism === 'kubernetes';
  return isOfContainer && exit.name === null && exit.pid === null && isClose(exit, kill, SAME_EXIT_LINES);
}

function isNear(known: Kill, kill: Kill): boolean {
  return known.time === null || kill.time === null
    ? kill.line - known.line <= SAME_TROUBLE_LINES
    : isWithin(known, kill, SAME_TROUBLE_SECONDS, false);
}

function isClose(known: Kill, kill: Kill, lines: number): boolean {
  return known.time === null || kill.time === null
    ? kill.line - known.line <= lines
    : isWithin(known, kill, REMARK_SECONDS, false);
}

type Dated = Pick<Kill, 'time'>;

function isWithin(one: Dated, other: Dated, seconds: number, otherwise: boolean): boolean {
  if (one.time === null || other.time === null) return otherwise;
  const apart = Math.abs(Date.parse(other.time) - Date.parse(one.time)) / 1_000;
  return Number.isNaN(apart) ? otherwise : apart <= seconds;
}

/** What either of them tells; of the strongest signal. */
function together(known: Kill, kill: Kill): Kill {
  const isOnlyExit = known.mechanism === 'exit-status' && kill.mechanism !== 'exit-status';
  const [main, more] = isOnlyExit ? [kill, known] : [known, kill];
  const isKnown = (value: unknown) => value !== null && !(Array.isArray(value) && value.length === 0);
  const missing = Object.fromEntries(
    Object.entries(more).filter(([name, value]) => isKnown(value) && !isKnown(main[name as keyof Kill])),
  );
  const isLast = main.mechanism === 'earlyoom' || main.mechanism === 'nohang';
  return {
    ...main,
    ...missing,
    ...(main.constraintInferred && isKernelKill(more) && !more.constraintInferred ? constraintOf(more) : {}),
    signal: isLast ? (more.signal ?? main.signal) : (main.signal ?? more.signal),
    complete: main.complete || more.complete,
  };
}

function constraintOf({ constraint, constraintInferred }: Kill): Partial<Kill> {
  return { constraint, constraintInferred };
}
