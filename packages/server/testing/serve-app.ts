import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errors } from '@maque/contract';
import { type Clock, KiB, MiB, systemClock } from '@maque/kit';
import { type FastifyInstance, fastify } from 'fastify';
import { openSqliteDatabase } from '../src/adapters/database/sqlite/sqlite-database.ts';
import { createMemoryKeyValue } from '../src/adapters/key-value/memory-key-value.ts';
import { LocalMessageBus } from '../src/adapters/message-bus/local-message-bus.ts';
import type { App } from '../src/define/app.ts';
import { compressStep } from '../src/http/compression.ts';
import { answerErrors } from '../src/http/error-handler.ts';
import { useJsonBodies } from '../src/http/json-body.ts';
import { ANONYMOUS } from '../src/http/route-config.ts';
import { silentLogger } from '../src/logging/logger.ts';
import { registerCollectionRoutes } from '../src/modules/collections/collection-routes.ts';
import { registerCustomRoutes } from '../src/modules/custom-routes/custom-routes.ts';
import { prepareDatabase } from '../src/modules/records/prepare-database.ts';
import { createRecords, type Records } from '../src/modules/records/records.ts';
import type { Database } from '../src/ports/database.ts';
import type { Identity } from '../src/ports/identity.ts';
import type { KeyValue } from '../src/ports/key-value.ts';
import type { MessageBus } from '../src/ports/message-bus.ts';

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
  /** `user:u1` or `admin:a1`; nobody unless told. */
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ServedApp {
  readonly records: Records;
  readonly database: Database;
  readonly keyValue: KeyValue;
  call(path: string, call?: Call): Promise<Answer>;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly path: string;
  readonly bus?: MessageBus;
  readonly clock?: Clock;
  readonly cursorKey?: Uint8Array;
}

/** Serves an app on a port of its own, on a real database, as one worker does; tokens are told instead of issued. */
export async function serveApp(app: App, options: ServeOptions): Promise<ServedApp> {
  const clock = options.clock ?? systemClock;
  const database = openSqliteDatabase({ path: options.path, cacheBytes: 4 * MiB, synchronous: 'normal' });
  const records = createRecords({ app, database, clock });
  await prepareDatabase({ app, records, migrations: [], clock });
  const keyValue = createMemoryKeyValue({ maxBytes: 4 * MiB, clock });
  const bus = options.bus ?? new LocalMessageBus(fail);
  const http = createRoutes();
  const cursorKey = options.cursorKey ?? new Uint8Array(32).fill(7);
  registerCollectionRoutes(http, { records, keyValue, bus, cursorKey });
  registerCustomRoutes(http, {
    routes: app.routes,
    data: records.data,
    logOf: () => silentLogger,
  });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  return {
    records,
    database,
    keyValue,
    call: (path, call) => callServer(`${url}${path}`, call),
    async close() {
      await http.close();
      await database.close();
    },
  };
}

/** The server's own steps but for admission, records of requests, and real tokens. */
function createRoutes(): FastifyInstance {
  const http = fastify({ forceCloseConnections: true });
  http.decorateRequest('identity', null as never);
  http.addHook('onRequest', async (request) => {
    const token = request.headers.authorization?.replace('Bearer ', '');
    const { auth } = request.routeOptions.config;
    request.identity = token === undefined || auth === 'public' ? ANONYMOUS : identityOf(token);
    if (auth === 'user' && request.identity.kind !== 'user') throw errors.AUTH_REQUIRED();
    if (auth === 'admin' && request.identity.kind !== 'admin') throw errors.FORBIDDEN();
  });
  useJsonBodies(http);
  http.addHook('onSend', compressStep);
  http.setSerializerCompiler(() => JSON.stringify);
  answerErrors(http, { bodyLimit: 256 * KiB, log: silentLogger });
  return http;
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
  const [kind, id = ''] = token.split(':');
  return kind === 'admin'
    ? { kind: 'admin', adminId: id, sessionId: `s-${id}` }
    : { kind: 'user', userId: id, sessionId: `s-${id}` };
}

function fail(error: unknown): never {
  throw error;
}
