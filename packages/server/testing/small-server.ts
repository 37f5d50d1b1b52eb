import { errors } from '@maque/contract';
import { watch } from '@maque/guard';
import { LineBuffer, type LineTarget } from '@maque/keeper/log-file';
import { systemClock } from '@maque/kit';
import type { FastifyInstance } from 'fastify';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../src/http/http-server.ts';
import { createAccessLog } from '../src/logging/access-log.ts';
import { createLogger, type Logger } from '../src/logging/logger.ts';
import type { Identity } from '../src/ports/index.ts';

export interface SmallServer extends AsyncDisposable {
  readonly http: HttpServer;
  readonly url: string;
  readonly port: number;
  readonly log: Logger;
  /** Every line of the log so far. */
  logged(): Record<string, unknown>[];
}

type Changes = Partial<Omit<HttpServerOptions, 'admission'>> & {
  readonly admission?: Partial<HttpServerOptions['admission']>;
};

const PEOPLE: Readonly<Record<string, Identity>> = {
  ann: { kind: 'user', userId: 'u-ann', sessionId: 's1', roles: [] },
  root: { kind: 'admin', adminId: 'a-root', sessionId: 's2' },
};

/** A server on any free port with the routes of one test and no modules; `Bearer ann` is a user, `Bearer root` an admin. */
export async function startSmallServer(
  addRoutes: (routes: FastifyInstance, http: HttpServer) => void,
  changes: Changes = {},
): Promise<SmallServer> {
  let text = '';
  const target: LineTarget = {
    write(more, done) {
      text += more;
      done(null);
    },
    writeSync(more) {
      text += more;
    },
    close() {},
  };
  const lines = new LineBuffer(target, { flushAtLength: 1 });
  const log = createLogger(lines, { level: 'info', workerId: 'w0' });
  const http = createHttpServer({
    bodyLimit: 1024 * 1024,
    bodyMemory: 16 * 1024 * 1024,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 30_000,
    keepAliveTimeoutMs: 75_000,
    answerTimeoutMs: 60_000,
    maxConnections: 1_000,
    trustedProxy: [],
    authenticator: {
      identify(token) {
        const person = PEOPLE[token];
        if (person === undefined) throw errors.TOKEN_INVALID();
        return person;
      },
    },
    log,
    meter: watch().meter,
    latency: { record() {} },
    routeTimes: { end() {} },
    accessLog: createAccessLog(lines, 'w0'),
    clock: systemClock,
    ...changes,
    admission: {
      maxConcurrent: 100,
      maxQueued: 100,
      queueTimeoutMs: 5_000,
      maxTurnMs: 1_000,
      pressure: () => 0,
      ...changes.admission,
    },
  });
  addRoutes(http.routes, http);
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 });
  return {
    http,
    log,
    port,
    url: `http://127.0.0.1:${port}`,
    logged: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    [Symbol.asyncDispose]: () => http.drain(1_000),
  };
}
