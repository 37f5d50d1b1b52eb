// Switches the guard on and off within a server that runs, by a signal.
import { watch } from '@maque/guard';

let guard = null;

process.on('SIGUSR2', () => {
  if (guard === null) guard = watch();
  else {
    guard.stop();
    guard = null;
  }
});
