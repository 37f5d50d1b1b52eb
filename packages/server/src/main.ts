import { collectGarbage } from '@maque/guard';
import type { WorkerLink } from '@maque/keeper/worker-link';
import {
  type Clock,
  CodedError,
  type Language,
  languageFrom,
  type Milliseconds,
  SECOND,
  systemClock,
} from '@maque/kit';
import { checkEnvironment } from './config/check-environment.ts';
import { releaseOf } from './config/release-of.ts';
import type { ServerSettings } from './config/settings-table.ts';
import type { App } from './define/app.ts';
import { loadApp } from './load-app.ts';

export interface RunServerOptions {
  /** The app, or the path of the config module that exports it. */
  readonly app: App | string;
  readonly settings: ServerSettings;
  /** The line to the keeper. Ask `workerLink()` for it before anything listens. */
  readonly link: WorkerLink;
  /** Of the server, for `/openapi.json`. */
  readonly version: string;
  /** The folder of the built console. */
  readonly consoleDir?: string;
  readonly clock?: Clock;
}

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Finishes what is under way, within the deadline (10 s unless told), and closes everything. */
  close(deadlineMs?: Milliseconds): Promise<void>;
}

/** The keeper takes a long silence for a hang. */
const HEARTBEAT_MS: Milliseconds = SECOND;
/** Of the time to end in, what jobs get that are under way; the rest is for those that must be told to. */
const JOBS_SHARE = 0.8;
/** As long as systemd and container runtimes wait before they kill. */
const CLOSE_DEADLINE_MS: Milliseconds = 10 * SECOND;

/**
 * Runs a server: one worker under a keeper, or all there is without one.
 * @throws CodedError of the boot errors, which the keeper has been told too; everything is closed again.
 */
export async function runServer(options: RunServerOptions): Promise<RunningServer> {
  try {
    return await start(options);
  } catch (error) {
    options.link.failed(describeFailure(error, languageFrom(options.settings.lang)));
    throw error;
  }
}

async function start(options: RunServerOptions): Promise<RunningServer> {
  const { settings, link, version, consoleDir, clock = systemClock } = options;
  const [problem] = checkEnvironment(settings);
  if (problem !== undefined) throw problem;
  const app = typeof options.app === 'string' ? await loadApp(options.app) : options.app;
  // Loaded only now: a server that cannot start says so without Fastify, and the command can import this file.
  const { compose } = await import('./compose.ts');
  const release = typeof options.app === 'string' ? releaseOf(options.app) : null;
  const server = await compose({ app, settings, link, version, release, consoleDir, clock });
  const forgetProcess = watchProcess(server);
  let closed: Promise<void> | undefined;

  async function end(deadlineMs: Milliseconds): Promise<void> {
    clearInterval(heartbeat);
    await Promise.all([server.http.drain(deadlineMs), server.jobs.stop(deadlineMs * JOBS_SHARE)]);
    forgetProcess();
    await server.close();
  }
  const close = (deadlineMs = CLOSE_DEADLINE_MS) => (closed ??= end(deadlineMs));
  const report = () => link.report(server.guard.status());
  const heartbeat = setInterval(report, HEARTBEAT_MS).unref();

  try {
    // What loading, migrations and seeds leave behind: 12 MiB after the shop's seed. Nobody waits yet.
    collectGarbage();
    const { address: host, port } = await server.http.listen(settings);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    server.jobs.start();
    link.onMetrics(server.metrics);
    link.onDrain(async ({ deadlineMs, settled }) => {
      server.http.announceDrain();
      // While the keeper ends the traffic: other workers do what comes now.
      void server.jobs.stop(deadlineMs * JOBS_SHARE);
      await settled;
      await close();
    });
    link.ready({ url });
    report();
    server.log.info({ url, env: settings.env }, 'serving');
    return { host, port, url, close };
  } catch (error) {
    await close(0);
    throw error;
  }
}

/** Sees to it that the last lines of the log are written, whatever ends the process. Answers how to stop that. */
function watchProcess(server: {
  flushLog(): void;
  log: { fatal(facts: object, message: string): void };
}): () => void {
  const onFault = (error: unknown) =>
    server.log.fatal({ err: error }, 'an error that nobody caught ends this process');
  const onExit = () => server.flushLog();
  process.on('uncaughtExceptionMonitor', onFault);
  process.on('exit', onExit);
  return () => {
    process.off('uncaughtExceptionMonitor', onFault);
    process.off('exit', onExit);
  };
}

function describeFailure(error: unknown, language: Language): { code: string; message: string } {
  if (!(error instanceof CodedError)) return { code: 'BOOT_FAILED', message: String(error) };
  const details = error
    .detailsIn(language)
    .map(({ path, issue }) => (path === undefined ? issue : `${path}: ${issue}`));
  return { code: error.code, message: [error.messageIn(language), ...details].join('\n') };
}
