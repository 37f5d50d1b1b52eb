import type { Kill } from './kill.ts';
import type { LogLine } from './log-line.ts';
import {
  isElsewhere,
  isKernelKill,
  isOfUnit,
  isRemarkOn,
  isSame,
  isWithin,
  REMARK_SECONDS,
} from './same-kill.ts';
import { inShort } from './task-table.ts';
import { killOfRemark, type UnitRemark } from './unit-remarks.ts';

/** The newest kills keep the whole table of the kernel; older ones of it what a person is shown. */
const MOST_WHOLE_TABLES = 100;
const FEW_PROGRAMS = 8;
/** Kills among which the same one is looked for: more reports do not write into one another. */
const LOOKED_BACK = 16;

/** The newest kills of a log: each once, whoever tells of it, in how many words and how often. */
export class FoundKills {
  readonly #kills: Kill[] = [];
  readonly #most: number;
  #leftOut = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get all(): readonly Kill[] {
    return this.#kills;
  }

  /** Older ones, which are not kept. */
  get leftOut(): number {
    return this.#leftOut;
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
      return;
    }
    this.#kills.push(kill);
    this.#takeRemarks(this.#kills.length - 1);
    const at = this.#kills.length - 1 - MOST_WHOLE_TABLES;
    const old = this.#kills[at];
    if (old !== undefined) this.#kills[at] = inShort(old, FEW_PROGRAMS);
    if (this.#kills.length <= this.#most) return;
    this.#kills.shift();
    this.#leftOut += 1;
  }

  /** What systemd said of it before the kernel did: two wrote one log, or it is read from its end. */
  #takeRemarks(at: number): void {
    const kill = this.#kills[at];
    if (kill === undefined || !isKernelKill(kill)) return;
    const from = Math.max(0, at - LOOKED_BACK);
    const before = this.#kills.slice(from, at);
    const others = before.filter((one) => !isRemarkOn(one, kill));
    if (others.length < before.length)
      this.#kills.splice(from, at - from + 1, ...others, withRemark(kill, 'kernel'));
  }

  /** Belongs to the kill of that unit just before, or is all that is known of one. */
  remark(remark: UnitRemark, line: LogLine, lineNumber: number): void {
    const index = this.#findLast(
      (kill) =>
        isOfUnit(kill, remark.unit) && !isElsewhere(kill, line) && isWithin(kill, line, REMARK_SECONDS, true),
    );
    const known = this.#kills[index] ?? this.#unitless(remark, line);
    if (known === undefined) {
      this.add(killOfRemark(remark, line, lineNumber));
      return;
    }
    const told = {
      ...known,
      unit: known.unit ?? remark.unit,
      processes: Math.max(known.processes, remark.processes ?? 1),
    };
    this.#kills[this.#kills.indexOf(known)] = withRemark(told, remark.by);
  }

  /** Kernels before 4.19 do not tell the group of who they kill when the whole machine is short. */
  #unitless(remark: UnitRemark, line: LogLine): Kill | undefined {
    const last = this.last;
    const fits = remark.by === 'kernel' && last?.mechanism === 'kernel-oom' && last.unit === null;
    return fits && !isElsewhere(last, line) && isWithin(last, line, REMARK_SECONDS, true) ? last : undefined;
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

function withRemark(kill: Kill, by: UnitRemark['by']): Kill {
  switch (kill.mechanism) {
    case 'kernel-oom':
      return { ...kill, mechanism: 'kernel-oom+systemd-note' };
    // Of its end no more was known than the signal; now it is known who sent that.
    case 'exit-status':
      return { ...kill, mechanism: by === 'kernel' ? 'systemd-note' : 'systemd-oomd', complete: false };
    default:
      return kill;
  }
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
    memoryLeftOut: main.memory.length > 0 ? main.memoryLeftOut : more.memoryLeftOut,
    ...(main.constraintInferred && isKernelKill(more) && !more.constraintInferred ? constraintOf(more) : {}),
    signal: isLast ? (more.signal ?? main.signal) : (main.signal ?? more.signal),
    complete: main.complete || more.complete,
  };
}

function constraintOf({ constraint, constraintInferred }: Kill): Partial<Kill> {
  return { constraint, constraintInferred };
}
