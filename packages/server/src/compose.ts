import type { SystemStatus } from '@maque/contract';
import { type Guard, type PressureLevel, watch } from '@maque/guard';
import type { WorkerLink } from '@maque/keeper/worker-link';
import { type Bytes, type Clock, ClosingStack, HOUR, type Milliseconds } from '@maque/kit';
import type { FastifyInstance } from 'fastify';
import { type DataFolder, prepareDataFolder } from './config/data-folder.ts';
import { loadSecrets, type Secrets } from './config/secrets.ts';
import type { ServerSettings } from './config/settings-table.ts';
import type { App } from './define/app.ts';
import type { RouteLog } from './define/route.ts';
import type { Authenticator } from './http/authenticate.ts';
import { createHttpServer, type HttpServer, type HttpServerOptions } from './http/http-server.ts';
import { createAccessLog } from './logging/access-log.ts';
import type { LineBuffer } from './logging/line-buffer.ts';
import { createLogger, type Logger } from './logging/logger.ts';
import { openLog } from './logging/open-log.ts';
import { migrations } from './migrations.ts';
import { registerAdminRoutes } from './modules/admin/admin-routes.ts';
import { AdminService } from './modules/admin/admin-service.ts';
import { KeeperStatus } from './modules/admin/keeper-status.ts';
import { ownStatus } from './modules/admin/own-status.ts';
import { registerCollectionRoutes } from './modules/collections/collection-routes.ts';
import { registerConsoleRoutes } from './modules/console/console-routes.ts';
import { registerCustomRoutes } from './modules/custom-routes/custom-routes.ts';
import { registerHealthRoutes } from './modules/health/health-routes.ts';
import { Readiness } from './modules/health/readiness.ts';
import { renderServerMetrics } from './modules/health/server-metrics.ts';
import { registerLoginRoutes } from './modules/login/login-routes.ts';
import { createDatabaseTokenStore } from './modules/login/token-store.ts';
import { registerOpenApiRoutes } from './modules/openapi/openapi-routes.ts';
import { prepareDatabase } from './modules/records/prepare-database.ts';
import { createRecords } from './modules/records/records.ts';
import { SessionAuthenticator } from './modules/sessions/session-authenticator.ts';
import { registerSessionRoutes } from './modules/sessions/session-routes.ts';
import { SessionService } from './modules/sessions/session-service.ts';
import { TokenSigner } from './modules/sessions/token.ts';
import { registerUserRoutes } from './modules/users/user-routes.ts';
import { UserService } from './modules/users/user-service.ts';
import type { Database, KeyValue, MessageBus } from './ports/index.ts';

export interface ComposeOptions {
  readonly app: App;
  readonly settings: ServerSettings;
  readonly link: WorkerLink;
  /** Of the server, for `/openapi.json`. */
  readonly version: string;
  /** The built console; without it `/_/` says that there is none. */
  readonly consoleDir: string | undefined;
  readonly clock: Clock;
}

/** A whole server, wired and not yet listening. */
export interface Server {
  readonly http: HttpServer;
  readonly guard: Guard;
  readonly log: Logger;
  /** Prometheus text of this process. */
  metrics(): string;
  /** Writes what waits of the log before it returns: for a process that is about to end. */
  flushLog(): void;
  /** Closes everything but the traffic, which `http.drain` ends first. */
  close(): Promise<void>;
}

/** What everything else stands on. */
interface Foundation extends ComposeOptions {
  readonly folder: DataFolder;
  readonly secrets: Secrets;
  readonly lines: LineBuffer;
  readonly log: Logger;
  readonly guard: Guard;
  readonly database: Database;
  readonly keyValue: KeyValue;
  readonly bus: MessageBus;
}

/** Of the cache's memory, what may go to known tokens: 2,000 users at the default of 16 MiB. */
const TOKEN_SHARE = 1 / 8;
/** Of the places for requests, how many logins may take while they wait for WeChat. */
const LOGIN_SHARE = 1 / 4;
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
  const log = createLogger(lines, { level: settings.logLevel, workerId: link.workerId });
  const guard = watch();
  closing.push('guard', () => guard.stop());
  const database = await openDatabase(settings, folder, clock);
  closing.push('database', () => database.close());
  const keyValue = await openKeyValue(settings.cacheMemory * (1 - TOKEN_SHARE), clock);
  const bus = await openMessageBus(link, log);
  return { ...options, folder, secrets, lines, log, guard, database, keyValue, bus };
}

async function buildServer(foundation: Foundation, closing: ClosingStack): Promise<Server> {
  const { settings, secrets, database, bus, clock, guard, log, lines, keyValue } = foundation;
  const signer = new TokenSigner(secrets.tokenKey, clock);
  const maxBytes = Math.floor(settings.cacheMemory * TOKEN_SHARE);
  const authenticator = new SessionAuthenticator({ database, signer, bus, clock, maxBytes });
  closing.push('tokens', () => authenticator.close());
  const sessions = new SessionService({ database, signer, bus, clock });
  const http = createHttpServer(httpOptions(foundation, authenticator));
  const metrics = () =>
    guard.metrics() +
    renderServerMetrics({
      admission: http.admission,
      cache: () => keyValue.stats(),
      droppedLogLines: () => lines.dropped,
    });

  await addRoutes(http, foundation, sessions, metrics);
  const sweep = setInterval(() => sweepSessions(sessions, log), SESSION_SWEEP_MS).unref();
  closing.push('session sweep', () => clearInterval(sweep));
  return {
    http,
    guard,
    log,
    metrics,
    flushLog: () => lines.flushSync(),
    close: () => closeAll(closing, log),
  };
}

function httpOptions(foundation: Foundation, authenticator: Authenticator): HttpServerOptions {
  const { settings, guard, log, lines, link, clock } = foundation;
  const isLogged = ['info', 'debug', 'trace'].includes(settings.logLevel);
  return {
    bodyLimit: settings.bodyLimit,
    headersTimeoutMs: settings.headersTimeout,
    requestTimeoutMs: settings.requestTimeout,
    keepAliveTimeoutMs: settings.keepAliveTimeout,
    maxConnections: settings.maxConnections,
    trustedProxy: settings.trustedProxy,
    admission: {
      maxConcurrent: settings.maxConcurrent,
      maxQueued: settings.maxQueued,
      queueTimeoutMs: settings.queueTimeout,
      maxTurnMs: settings.maxTurnDelay,
      pressure: () => PRESSURE[guard.pressure().level],
    },
    authenticator,
    log,
    meter: guard.meter,
    accessLog: isLogged ? createAccessLog(lines, link.workerId) : () => {},
    clock,
  };
}

/** Every route there is, module by module. */
async function addRoutes(
  server: HttpServer,
  foundation: Foundation,
  sessions: SessionService,
  metrics: () => string,
): Promise<void> {
  const { app, settings, database, clock, log, guard, secrets, folder, version } = foundation;
  const http = server.routes;
  const records = createRecords({ app, database, clock });
  await prepareDatabase({ app, records, migrations, clock });

  const readiness = new Readiness({
    database,
    isDraining: () => server.isDraining,
    isMemoryCritical: () => guard.pressure().level === 'critical',
    clock,
  });
  const admins = new AdminService({ database, sessions, linkPath: folder.adminLink, clock });

  registerOpenApiRoutes(http, { title: 'Maque', version });
  registerHealthRoutes(http, { readiness, metrics, metricsToken: settings.metricsToken });
  registerConsoleRoutes(http, { folder: foundation.consoleDir });
  registerAdminRoutes(http, { admins, sessions, systemStatus: systemStatusOf(foundation) });
  registerSessionRoutes(http, { sessions });
  registerUserRoutes(http, { users: new UserService({ database, clock }) });
  if (settings.wechatAppId !== undefined) await addWechatLogin(http, foundation, sessions);
  registerCollectionRoutes(http, { ...foundation, records, cursorKey: secrets.cursorKey });
  registerCustomRoutes(http, {
    routes: app.routes,
    data: records.data,
    logOf: (request) => requestLog(log, request.id),
  });
}

async function addWechatLogin(
  http: FastifyInstance,
  { settings, database, secrets, log, clock }: Foundation,
  sessions: SessionService,
): Promise<void> {
  const { createWechatClient } = await import('@maque/wechat');
  const { LoginService } = await import('./modules/login/login-service.ts');
  const { wechatAppId: appId = '', wechatSecret: secret = '', wechatBaseUrl: baseUrl } = settings;
  const wechat = createWechatClient({
    ...{ appId, secret, baseUrl, clock },
    tokenStore: createDatabaseTokenStore(database, appId),
    onAlert: (error) => log.error({ err: error, advice: error.adviceIn('en') }, 'WeChat needs attention'),
  });
  const login = new LoginService({
    ...{ wechat, database, sessions, log, clock },
    sessionKeyKey: secrets.sessionKeyKey,
    tokenTtlMs: settings.tokenTtl,
    maxAtOnce: Math.max(1, Math.floor(settings.maxConcurrent * LOGIN_SHARE)),
  });
  registerLoginRoutes(http, { login });
}

async function openDatabase(settings: ServerSettings, folder: DataFolder, clock: Clock): Promise<Database> {
  const { openSqliteDatabase } = await import('./adapters/database/sqlite/sqlite-database.ts');
  return openSqliteDatabase({
    path: folder.database,
    cacheBytes: settings.sqliteCache,
    synchronous: settings.sqliteSynchronous,
    clock,
  });
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

/** What the keeper knows of all processes; without a keeper this process speaks for itself. */
function systemStatusOf({ settings, guard, link, clock }: Foundation): () => Promise<SystemStatus> {
  if (settings.controlSocket === undefined) return async () => ownStatus(guard, link.workerId, clock);
  const keeper = new KeeperStatus(settings.controlSocket, clock);
  return () => keeper.read();
}

function requestLog(log: Logger, request: string): RouteLog {
  return {
    info: (data, message) => log.info({ request, ...data }, message),
    warn: (data, message) => log.warn({ request, ...data }, message),
    error: (data, message) => log.error({ request, ...data }, message),
  };
}

async function sweepSessions(sessions: SessionService, log: Logger): Promise<void> {
  try {
    await sessions.deleteExpired();
  } catch (error) {
    log.warn({ err: error }, 'old sessions could not be cleared away');
  }
}

async function closeAll(closing: ClosingStack, log: Logger): Promise<void> {
  // What the log itself could not close, nobody can be told.
  for (const { name, error } of await closing.close()) log.error({ err: error }, `${name} did not close`);
}
