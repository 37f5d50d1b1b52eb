import { Guard } from './guard.ts';
import { type GuardOptions, resolveGuardOptions } from './guard-options.ts';

// Two copies of this package, or two parts of one app, must not watch the same process twice. The number is that of the
// Guard's interface.
const RUNNING = Symbol.for('@maque/guard/1');

const holder = globalThis as { [RUNNING]?: Guard };

/**
 * Watches this process from now on. Whoever calls it again gets the guard that is already running, so that an app that
 * calls it and `node --import @maque/guard/register` go together; options given then are not used, and a warning
 * (`MAQUE_GUARD_RUNNING`) says so.
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function watch(options?: GuardOptions): Guard {
  const resolved = resolveGuardOptions(options);
  const running = holder[RUNNING];
  if (running !== undefined) {
    if (options !== undefined) warnOfSecond();
    return running;
  }
  const guard = new Guard(resolved, () => {
    delete holder[RUNNING];
  });
  holder[RUNNING] = guard;
  return guard;
}

function warnOfSecond(): void {
  process.emitWarning('This process is watched already; the options of the second watch() are not used.', {
    code: 'MAQUE_GUARD_RUNNING',
  });
}
