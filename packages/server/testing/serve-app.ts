import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, MiB, type Milliseconds, systemClock } from '@maque/kit';
import { openSqliteDatabase } from '../src/adapters/database/sqlite/sqlite-database.ts';
import { createMemoryKeyValue } from '../src/adapters/key-value/memory-key-value.ts';
import { LocalMessageBus } from '../src/adapters/message-bus/local-message-bus.ts';
import type { App } from '../src/define/app.ts';
import { loadRichText } from '../src/define/load-rich-text.ts';
import type { HttpServer } from '../src/http/http-server.ts';
import { useMiddleware } from '../src/http/middleware-step.ts';
import { silentLogger } from '../src/logging/logger.ts';
import { registerCollectionRoutes } from '../src/modules/collections/collection-routes.ts';
import {
  idempotencyBoundMigrations,
  idempotencyMigrations,
} from '../src/modules/collections/idempotency-store.ts';
import { registerCustomRoutes } from '../src/modules/custom-routes/custom-routes.ts';
import { prepareDatabase } from '../src/modules/records/prepare-database.ts';
import { createRecords, type Records } from '../src/modules/records/records.ts';
import { uploadMigrations } from '../src/modules/uploads/upload-store.ts';
import type { Database, Migration } from '../src/ports/database.ts';
import type { Identity } from '../src/ports/identity.ts';
import type { KeyValue } from '../src/ports/key-value.ts';
import type { MessageBus } from '../src/ports/message-bus.ts';
import type { OptionalWork } from '../src/ports/optional-work.ts';
import { startSmallServer } from './small-server.ts';

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly json: any;
}

export interface Call {
  readonly method?: string;
  /** `user:u1`, `staff:s1:editor+support`, `machine:m1:admin`, `admin:a1`; nobody unless told. */
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ServedApp {
  readonly url: string;
  readonly records: Records;
  readonly database: Database;
  readonly keyValue: KeyValue;
  call(path: string, call?: Call): Promise<Answer>;
  /** Every line of the log so far. */
  logged(): Record<string, unknown>[];
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly path: string;
  readonly bus?: MessageBus;
  readonly clock?: Clock;
  readonly cursorKey?: Uint8Array;
  readonly optional?: OptionalWork;
  readonly maxTransactionMs?: Milliseconds;
  readonly answerTimeoutMs?: Milliseconds;
  /** Serves what else belongs to the app. */
  readonly more?: (http: HttpServer, parts: { records: Records; database: Database }) => void;
  /** The server's own tables: those of uploads and keys unless told. */
  readonly migrations?: readonly Migration[];
}

/** Serves an app on a port of its own, on a real database, as one worker does; tokens are told instead of issued. */
export async function serveApp(app: App, options: ServeOptions): Promise<ServedApp> {
  const clock = options.clock ?? systemClock;
  const database = await openSqliteDatabase({
    path: options.path,
    cacheBytes: 4 * MiB,
    synchronous: 'normal',
    ...(options.maxTransactionMs === undefined ? {} : { maxTransactionMs: options.maxTransactionMs }),
  });
  await loadRichText(app);
  const records = createRecords({ app, database, clock });
  await prepareDatabase({
    app,
    records,
    migrations: options.migrations ?? [
      ...uploadMigrations,
      ...idempotencyMigrations,
      ...idempotencyBoundMigrations,
    ],
    clock,
  });
  const keyValue = createMemoryKeyValue({ maxBytes: 4 * MiB, clock });
  const bus = options.bus ?? new LocalMessageBus(fail);
  const cursorKey = options.cursorKey ?? new Uint8Array(32).fill(7);
  const server = await startSmallServer(
    (routes, http) => {
      options.more?.(http, { records, database });
      useMiddleware(routes, app.middleware, () => silentLogger);
      registerCollectionRoutes(routes, {
        ...{ records, keyValue, bus, cursorKey, clock, wechat, bodies: http.bodies },
        optional: options.optional ?? { allowed: () => true },
        log: silentLogger,
        logOf: () => silentLogger,
      });
      registerCustomRoutes(routes, {
        routes: app.routes,
        data: records.data,
        database,
        wechat,
        logOf: () => silentLogger,
      });
    },
    {
      authenticator: { identify: identityOf },
      ...(options.answerTimeoutMs === undefined ? {} : { answerTimeoutMs: options.answerTimeoutMs }),
    },
  );
  return {
    url: server.url,
    records,
    database,
    keyValue,
    logged: server.logged,
    call: (path, call) => callServer(`${server.url}${path}`, call),
    async close() {
      await server[Symbol.asyncDispose]();
      await database.close();
    },
  };
}

/** A folder for the databases of one test. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'maque-app-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function callServer(url: string, { method, as, body, headers }: Call = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      // A connection of its own, so that the server need not wait for idle ones when it closes.
      connection: 'close',
      ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

function identityOf(token: string): Identity {
  const [kind, id = '', names = ''] = token.split(':');
  const roles = names.split('+').filter((name) => name !== '');
  const sessionId = `s-${id}`;
  switch (kind) {
    case 'admin':
      return { kind, adminId: id, sessionId };
    case 'staff':
      return { kind, adminId: id, sessionId, roles };
    case 'machine':
      return { kind, keyId: id, roles };
    default:
      return { kind: 'user', userId: id, sessionId, roles };
  }
}

/** These apps have no WeChat. */
function wechat(): never {
  throw new Error('there is no WeChat here');
}

function fail(error: unknown): never {
  throw error;
}
