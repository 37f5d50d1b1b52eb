import type { Kill, KillMechanism } from './kill.ts';

/** What systemd and container engines say comes with the kill, or when the unit has ended, some seconds later. */
export const REMARK_SECONDS = 30;
/** A program that is out of memory says so in many lines, and again and again. */
const SAME_TROUBLE_SECONDS = 60;
/** Where nothing tells the time: a stack trace, the lines of a container around its exit code. */
const SAME_TROUBLE_LINES = 60;
const SAME_EXIT_LINES = 20;
/** Programs that tell of their own end in many words. */
const TALKATIVE: ReadonlySet<KillMechanism> = new Set(['jvm-heap-limit', 'allocation-failed']);

/** A unit of a user's own manager lies below the user's; both managers tell of it. */
export function isOfUnit({ unit, cgroup }: Kill, name: string): boolean {
  return unit === name || cgroup?.split('/').includes(name) === true;
}

/** Only systemd's remark on a unit in which that kill was. */
export function isRemarkOn(one: Kill, kill: Kill): boolean {
  if (isElsewhere(one, kill)) return false;
  const isRemark = one.mechanism === 'systemd-note' && one.unit !== null;
  return isRemark && isOfUnit(kill, one.unit) && isClose(one, kill, SAME_TROUBLE_LINES);
}

/** On another machine: logs of several may come as one. */
export function isElsewhere(one: Pick<Kill, 'host'>, other: Pick<Kill, 'host'>): boolean {
  return one.host !== null && other.host !== null && one.host !== other.host;
}

export function isKernelKill({ mechanism }: Kill): boolean {
  return mechanism.startsWith('kernel-oom');
}

export function isSame(known: Kill, kill: Kill): boolean {
  if (isElsewhere(known, kill)) return false;
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
  if (known.anonRssKb !== null && kill.anonRssKb !== null && known.anonRssKb !== kill.anonRssKb) return false;
  if (known.time !== null && kill.time !== null) return isWithin(known, kill, 10, false);
  if (known.uptimeSeconds !== null && kill.uptimeSeconds !== null)
    return Math.abs(known.uptimeSeconds - kill.uptimeSeconds) < 10;
  // One tells the date and the other the uptime, or neither tells anything: the size is as good as a fingerprint.
  const hasSize = known.anonRssKb !== null && kill.anonRssKb !== null;
  return hasSize || kill.line - known.line < SAME_TROUBLE_LINES;
}

/** Nobody sends these SIGKILL. */
const ENDS_BY_ITSELF: ReadonlySet<KillMechanism> = new Set([
  'v8-heap-limit',
  'allocation-failed',
  'php-memory-limit',
]);

/** That a process ended by 137 or 134 says nothing new of one that is known to be killed. */
function isExitOf(known: Kill, exit: Kill): boolean {
  if (known.mechanism === 'exit-status') {
    const isSameProcess = known.pid === exit.pid || known.pid === null || exit.pid === null;
    return isSameProcess && !hasOtherName(known, exit) && isClose(known, exit, SAME_EXIT_LINES);
  }
  const isAbort = exit.signal === 'SIGABRT';
  const couldBe = isAbort
    ? ['v8-heap-limit', 'allocation-failed', 'jvm-heap-limit'].includes(known.mechanism)
    : !ENDS_BY_ITSELF.has(known.mechanism);
  const isOther =
    (exit.container !== null && known.container !== null && exit.container !== known.container) ||
    (exit.pid !== null && known.pid !== null && exit.pid !== known.pid) ||
    (hasOtherName(known, exit) && !namesPrograms(known, exit));
  return couldBe && !isOther && isClose(known, exit, SAME_EXIT_LINES);
}

/** Those that name a unit, a container or an app. */
const NAMES_OTHERS: ReadonlySet<KillMechanism> = new Set([
  'systemd-note',
  'systemd-oomd',
  'container',
  'kubernetes',
  'pm2-restart',
]);

/** The kernel and V8 name programs where others name containers; systemd names units where all but those name programs. */
function namesPrograms(kill: Kill, exit: Kill): boolean {
  const isOfProgram = isKernelKill(kill) || kill.mechanism === 'v8-heap-limit';
  return isOfProgram || (exit.unit !== null && !NAMES_OTHERS.has(kill.mechanism));
}

function hasOtherName(known: Kill, exit: Kill): boolean {
  return known.name !== null && exit.name !== null && known.name !== exit.name;
}

/** Of a container, its exit code may stand above the reason. */
function isToldByExit(exit: Kill, kill: Kill): boolean {
  const isOfContainer = kill.mechanism === 'container' || kill.mechanism === 'kubernetes';
  return (
    isOfContainer && !hasOtherName(exit, kill) && exit.pid === null && isClose(exit, kill, SAME_EXIT_LINES)
  );
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

export function isWithin(one: Dated, other: Dated, seconds: number, otherwise: boolean): boolean {
  if (one.time === null || other.time === null) return otherwise;
  const apart = Math.abs(Date.parse(other.time) - Date.parse(one.time)) / 1_000;
  return Number.isNaN(apart) ? otherwise : apart <= seconds;
}
