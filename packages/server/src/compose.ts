import { type Guard, type GuardOptions, type Metric, type PressureLevel, watch } from '@maque/guard';
import { attachGuard, type WorkerLink } from '@maque/keeper/worker-link';
import { type Bytes, type Clock, ClosingStack, HOUR, languageFrom, type Milliseconds } from '@maque/kit';
import { bootErrors } from './config/boot-errors.ts';
import { type DataFolder, prepareDataFolder } from './config/data-folder.ts';
import { loadSecrets } from './config/secrets.ts';
import { loadRichText } from './define/load-rich-text.ts';
import type { ComposeOptions, Foundation } from './foundation.ts';
import type { Authenticator } from './http/authenticate.ts';
import { createHttpServer, type HttpServer, type HttpServerOptions } from './http/http-server.ts';
import { createPace } from './http/pace.ts';
import { createAccessLog } from './logging/access-log.ts';
import { createAttention } from './logging/attention.ts';
import { createLogger, type Logger } from './logging/logger.ts';
import { openLog } from './logging/open-log.ts';
import { migrations } from './migrations.ts';
import { openAccounts } from './modules/accounts/open-accounts.ts';
import { BackupGauge } from './modules/backups/backup-gauge.ts';
import { scheduleBackups } from './modules/backups/schedule-backups.ts';
import { whyMissingIn } from './modules/collections/why-missing.ts';
import { renderServerMetrics } from './modules/health/server-metrics.ts';
import { JobGauges } from './modules/jobs/job-gauges.ts';
import { prepareDatabase } from './modules/records/prepare-database.ts';
import { QueryWatch } from './modules/records/query-watch.ts';
import { createRecords } from './modules/records/records.ts';
import { backupBeforeChange } from './modules/schema/backup-before-change.ts';
import type { SessionService } from './modules/sessions/session-service.ts';
import { openWechatModules } from './modules/wechat/open-wechat-modules.ts';
import { openDatabase, openFileStore } from './open-stores.ts';
import {
  DamagedDatabaseError,
  type JobQueue,
  jobQueueErrors,
  type KeyValue,
  type MessageBus,
  type OptionalWork,
  type PictureShrinker,
} from './ports/index.ts';
import { addRoutes } from './routes.ts';

/** A whole server, wired and not yet listening. */
export interface Server {
  readonly http: HttpServer;
  readonly guard: Guard;
  readonly log: Logger;
  /** To be started when the server listens, and stopped when it drains. */
  readonly jobs: Pick<JobQueue, 'start' | 'stop'>;
  /** Prometheus text of this process. */
  metrics(): string;
  /** Writes what waits of the log before it returns: for a process that is about to end. */
  flushLog(): void;
  /** Closes everything but the traffic, which `http.drain` ends first. */
  close(): Promise<void>;
}

/** Of the cache's memory, what may go to known tokens: 2,000 users at the default of 16 MiB. */
const TOKEN_SHARE = 1 / 8;
/** A page of a list asks for twenty pictures; at 0.1 s each the last of so many waits some 3 s. */
const MAX_WAITING_PICTURES = 32;
/** How much of its places a server gives up under pressure. */
const PRESSURE: Readonly<Record<PressureLevel, number>> = { none: 0, elevated: 0.5, critical: 1 };
/** Sessions that have ended are cleared away at this interval; each is one row that does no harm until then. */
const SESSION_SWEEP_MS: Milliseconds = HOUR;

/**
 * Puts a server together. The only place that knows which adapters there are, and it loads those it needs.
 * @throws CodedError when the data folder, the secrets or the database are not in order; what was opened is closed.
 */
export async function compose(options: ComposeOptions): Promise<Server> {
  const closing = new ClosingStack();
  try {
    const foundation = await openFoundation(options, closing);
    return await buildServer(foundation, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function openFoundation(options: ComposeOptions, closing: ClosingStack): Promise<Foundation> {
  const { settings, link, clock } = options;
  const folder = prepareDataFolder(settings.dataDir);
  const secrets = loadSecrets(folder);
  const lines = openLog({ ...settings, folder: folder.logs }, link.workerId);
  closing.push('log', () => lines.close());
  const tell = settings.logTerminal ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
  const log = createLogger(lines, { level: settings.logLevel, workerId: link.workerId, tell });
  const guard = watch(guardOptions(options, folder));
  closing.push('guard', () => guard.stop());
  attachGuard(link, guard, { reportFolder: folder.leakReports, language: languageFrom(settings.lang) });
  guard.onReport(({ report, file }) => log.warn({ ...report.lookFirst, file }, 'a leak is suspected'));
  const attention = createAttention(log, link, languageFrom(settings.lang));
  const data = await openRecords(options, { folder, log, attention }, closing).catch((error: unknown) => {
    throw damageAsBootError(error, folder.database);
  });
  const files = await openFileStore({ settings, folder, attention, clock });
  const pictures = await openPictureShrinker(closing);
  const keyValue = await openKeyValue(settings.cacheMemory * (1 - TOKEN_SHARE), clock);
  const bus = await openMessageBus(link, log);
  const jobs = await openJobQueue({ database: data.database, bus, log, guard, attention, clock });
  const edges = { ...options, ...data, files, pictures, keyValue, bus, jobs, log, attention };
  const pace = createPace({ settings, guard, clock });
  const optional: OptionalWork = { allowed: () => pace.latency.level === 'none' };
  return { ...edges, ...(await openWechatModules(edges)), folder, secrets, lines, guard, pace, optional };
}

/** What the guard learns of a release outlives the worker that it watched. */
function guardOptions({ release, settings }: ComposeOptions, folder: DataFolder): GuardOptions {
  return {
    baseline: release === null ? null : { file: folder.memoryBaseline, version: release },
    reports: { dir: folder.leakReports, language: languageFrom(settings.lang) },
  };
}

async function buildServer(foundation: Foundation, closing: ClosingStack): Promise<Server> {
  const { settings, jobs, clock, guard, log, lines, keyValue } = foundation;
  const accounts = openAccounts(foundation, Math.floor(settings.cacheMemory * TOKEN_SHARE));
  const { authenticator, sessions } = accounts;
  closing.push('tokens', () => authenticator.close());
  const http = createHttpServer(httpOptions(foundation, authenticator));
  const gauges = [
    new JobGauges({ jobs, log, clock }),
    new BackupGauge({ folder: foundation.folder.backups, log, clock }),
  ];
  const metrics = () =>
    guard.metrics() +
    renderServerMetrics({
      admission: http.admission,
      cache: () => keyValue.stats(),
      droppedLogLines: () => lines.dropped,
      modules: () => [
        ...foundation.pace.metrics(),
        ...accounts.limiter.metrics(),
        ...moduleMetrics(foundation, gauges),
      ],
    });

  await addRoutes(http, foundation, accounts, metrics);
  scheduleBackups(foundation);
  const sweep = setInterval(() => sweepSessions(sessions, log), SESSION_SWEEP_MS).unref();
  closing.push('session sweep', () => clearInterval(sweep));
  return {
    http,
    guard,
    log,
    jobs,
    metrics,
    flushLog: () => lines.flushSync(),
    close: () => closeAll(closing),
  };
}

function moduleMetrics(
  { queries, wechatMeter, messages, pushes, payments }: Foundation,
  gauges: readonly { metrics(): readonly Metric[] }[],
): readonly Metric[] {
  const sources = [queries, wechatMeter, messages, pushes, payments, ...gauges];
  return sources.flatMap((source) => source?.metrics() ?? []);
}

function httpOptions(foundation: Foundation, authenticator: Authenticator): HttpServerOptions {
  const { pace, settings, guard, log, lines, link, clock } = foundation;
  const isLogged = ['info', 'debug', 'trace'].includes(settings.logLevel);
  return {
    bodyLimit: settings.bodyLimit,
    bodyMemory: settings.bodyMemory,
    headersTimeoutMs: settings.headersTimeout,
    requestTimeoutMs: settings.requestTimeout,
    keepAliveTimeoutMs: settings.keepAliveTimeout,
    answerTimeoutMs: settings.answerTimeout,
    maxConnections: settings.maxConnections,
    trustedProxy: settings.trustedProxy,
    admission: {
      maxConcurrent: settings.maxConcurrent,
      maxQueued: settings.maxQueued,
      queueTimeoutMs: settings.queueTimeout,
      maxTurnMs: settings.maxTurnDelay,
      pressure: () => Math.max(PRESSURE[guard.pressure().level], 1 - pace.latency.share),
    },
    latency: pace.latency,
    routeTimes: pace.routeTimes,
    authenticator,
    log,
    meter: guard.meter,
    whyMissing: settings.logTerminal ? whyMissingIn(foundation.app) : undefined,
    accessLog: isLogged ? createAccessLog(lines, link.workerId) : () => {},
    clock,
  };
}

async function openRecords(
  { app, settings, clock }: ComposeOptions,
  { folder, log, attention }: Pick<Foundation, 'folder' | 'log' | 'attention'>,
  closing: ClosingStack,
): Promise<Pick<Foundation, 'database' | 'records' | 'queries'>> {
  const queries = new QueryWatch({ log, refusesScans: settings.env === 'dev' });
  const database = await openDatabase({ settings, folder, attention, clock, onSlow: queries.onSlow });
  closing.push('database', () => database.close());
  await loadRichText(app);
  const records = createRecords({ app, database, clock, plans: queries.plansOf(database) });
  const backup = () => backupBeforeChange({ database, folder, clock });
  const change = await prepareDatabase({
    ...{ app, records, migrations, clock },
    // In development a field comes with every other edit, and `maque db rollback` is enough.
    ...(settings.env === 'dev' ? {} : { backup }),
  });
  if (change !== null) {
    const steps = change.steps.map(({ table, step }) => `${table}: ${step.kind}`);
    log.info({ change: change.id, steps, backup: change.backup }, 'the tables of collections have changed');
  }
  return { database, records, queries };
}

/** A damaged file shows when it is opened, or only when its tables are read; an app's seed may meet it too. */
function damageAsBootError(error: unknown, path: string): unknown {
  if (!(error instanceof DamagedDatabaseError)) return error;
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  return bootErrors.DATABASE_DAMAGED({ data: { path, reason }, cause: error });
}

async function openPictureShrinker(closing: ClosingStack): Promise<PictureShrinker> {
  const { createHelperPictureShrinker } = await import(
    './adapters/picture-shrinker/helper-picture-shrinker.ts'
  );
  const pictures = createHelperPictureShrinker({ maxWaiting: MAX_WAITING_PICTURES });
  closing.push('picture helper', () => pictures.close());
  return pictures;
}

async function openKeyValue(maxBytes: Bytes, clock: Clock): Promise<KeyValue> {
  const { createMemoryKeyValue } = await import('./adapters/key-value/memory-key-value.ts');
  return createMemoryKeyValue({ maxBytes: Math.floor(maxBytes), clock });
}

async function openMessageBus(link: WorkerLink, log: Logger): Promise<MessageBus> {
  const { createWorkerLinkMessageBus } = await import('./adapters/message-bus/worker-link-message-bus.ts');
  return createWorkerLinkMessageBus(link, (error, channel) => {
    log.error({ err: error, channel }, 'a listener on the bus failed');
  });
}

async function openJobQueue(
  parts: Pick<Foundation, 'database' | 'bus' | 'log' | 'guard' | 'attention' | 'clock'>,
): Promise<JobQueue> {
  const { DatabaseJobQueue } = await import('./adapters/job-queue/database-job-queue.ts');
  const { guard, attention, ...edges } = parts;
  return new DatabaseJobQueue({
    ...edges,
    pressure: () => guard.pressure().level,
    onDead: ({ name }, reason) => attention(jobQueueErrors.JOB_DIED({ data: { name, reason } })),
  });
}

async function sweepSessions(sessions: SessionService, log: Logger): Promise<void> {
  try {
    await sessions.deleteExpired();
  } catch (error) {
    log.warn({ err: error }, 'old sessions could not be cleared away');
  }
}

async function closeAll(closing: ClosingStack): Promise<void> {
  // The log is closed by then, so what did not close is told on stderr.
  for (const { name, error } of await closing.close()) process.emitWarning(`${name} did not close: ${error}`);
}
