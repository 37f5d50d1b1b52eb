/**
 * Speaks for an app that knows nothing of the keeper: `node --import @maque/keeper/preload app.js`. It says ready when
 * the app's first server listens, sends the heartbeat with the guard's numbers, answers scrapes, and through the link
 * drains the app's servers when the worker has to go. In a process that no keeper started it does nothing.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:net';
import { watch } from '@maque/guard';
import { languageFrom, SECOND } from '@maque/kit';
import { tellListenFailure } from './listen-failure.ts';
import { attachGuard, workerLink } from './worker-link.ts';

const HEARTBEAT_MS = SECOND;

const link = workerLink();
if (link.managed) {
  const { MAQUE_GUARD_REPORTS: dir, MAQUE_LANG } = process.env;
  const language = languageFrom(MAQUE_LANG);
  const reportFolder = dir === undefined || dir === '' ? null : dir;
  const guard = watch({ reports: reportFolder === null ? null : { dir: reportFolder, language } });
  const heartbeat = () => {
    link.report(guard.status());
  };
  setInterval(heartbeat, HEARTBEAT_MS).unref();
  link.onMetrics(() => guard.metrics());
  attachGuard(link, guard, { reportFolder, language });
  tellListenFailure(link, language);
  subscribe('tracing:net.server.listen:asyncEnd', (message) => {
    const { server } = message as { readonly server: Server };
    server.once('listening', () => {
      link.ready();
      // At once, so that a worker that hangs in its first second is noticed too.
      heartbeat();
    });
  });
}
