// `node --import @maque/guard/register app.js` (or `--require`) watches an app without a change of its code. The app, or
// anything else in the process, gets the guard with `watch()` when it wants to see it.
import { isMainThread } from 'node:worker_threads';
import { isAppProcess } from './host-process.ts';
import { startRegistered } from './register-guard.ts';

// Two copies of this package, one named in NODE_OPTIONS and one beside the app, are one guard and one endpoint.
const REGISTERED = Symbol.for('@maque/guard/registered');
const holder = globalThis as { [REGISTERED]?: true };

if (holder[REGISTERED] === undefined && isAppProcess(isMainThread, process.argv[1])) {
  holder[REGISTERED] = true;
  try {
    startRegistered(process.env);
  } catch (error) {
    // An app must start whatever its guard thinks of the machine.
    process.emitWarning(`The guard could not start: ${error}`, { code: 'MAQUE_GUARD_OFF' });
  }
}
