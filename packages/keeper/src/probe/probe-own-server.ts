import type { Server as HttpServer } from 'node:http';
import type { Server } from 'node:net';
import { duplexPair } from 'node:stream';
import { nodeHttp } from '../node-http.ts';

/** What is asked of an app that is about to take over. */
export interface ProbeQuestion {
  /** Null when the app named none: then any answer will do. */
  readonly path: string | null;
}

// A page that moved or wants a login is an answer; what is broken or not there is none.
const LEAST_BAD_STATUS = 400;

/**
 * Sends one request to an HTTP server of this very process, through its whole stack but without a network: the port is
 * shared by all workers, so from outside nobody can tell which of them answers.
 * @returns why the server must not take over; null when it may, or when it does not speak plain HTTP/1.
 */
export async function probeOwnServer(
  servers: Iterable<Server>,
  { path }: ProbeQuestion,
): Promise<string | null> {
  const { Server: Http, request } = nodeHttp();
  const server = [...servers].find((each): each is HttpServer => each instanceof Http);
  if (server === undefined) return null;
  const [here, there] = duplexPair();
  try {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const question = request({
      createConnection: () => here,
      // A request that nobody asked for must change nothing, and of the answer only the status counts.
      method: path === null ? 'HEAD' : 'GET',
      path: path ?? '/',
      headers: { host: 'localhost', 'user-agent': 'maque-keeper', connection: 'close' },
    });
    question.on('error', reject);
    question.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    question.end();
    server.emit('connection', there);
    const status = await promise;
    return path === null || status < LEAST_BAD_STATUS ? null : `${path} answers ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    here.destroy();
    there.destroy();
  }
}
