// `node --import @maque/guard/register app.js` watches an app without a change of its code. The app, or anything else in
// the process, gets the guard with `watch()` when it wants to see it.
import { watch } from '../watch.ts';

try {
  watch();
} catch (error) {
  // An app must start whatever its guard thinks of the machine.
  process.emitWarning(`The guard could not start: ${error}`, { code: 'MAQUE_GUARD_OFF' });
}
