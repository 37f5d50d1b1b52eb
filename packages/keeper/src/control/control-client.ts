import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import { keeperErrors } from '../keeper-errors.ts';
import { nodeHttp } from '../node-http.ts';
import { reachSocket } from './socket-path.ts';

export interface ControlAnswer {
  readonly status: number;
  /** Parsed when the answer is JSON, the text otherwise. */
  readonly body: unknown;
}

// The metrics of 64 workers are the longest answer there is; twice what the keeper sends at most for eight.
const ANSWER_LIMIT: Bytes = 8 * MiB;

const GONE = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR']);

/**
 * Asks a keeper something over its control socket.
 * @throws CodedError `KEEPER_NOT_RUNNING` when nobody listens there, `KEEPER_SILENT` when the answer does not come in
 * time or is too long; other faults of the system as they are (e.g. `EACCES`).
 */
export async function controlRequest(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
  timeoutMs: Milliseconds = 5_000,
): Promise<ControlAnswer> {
  try {
    return await ask(socketPath, method, path, AbortSignal.timeout(timeoutMs));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (GONE.has(code)) throw keeperErrors.KEEPER_NOT_RUNNING({ data: { path: socketPath }, cause: error });
    if (code === 'ABORT_ERR' || code === 'ECONNRESET') {
      throw keeperErrors.KEEPER_SILENT({ data: { path: socketPath }, cause: error });
    }
    throw error;
  }
}

async function ask(
  socketPath: string,
  method: string,
  path: string,
  signal: AbortSignal,
): Promise<ControlAnswer> {
  // Loaded here, for a keeper looks whether another one is running before it starts, and does without afterwards.
  const { request } = nodeHttp();
  const reachable = reachSocket(socketPath);
  try {
    return await new Promise((resolve, reject) => {
      const outgoing = request(
        { socketPath: reachable.path, method, path, signal, agent: false },
        (incoming) => {
          const chunks: Buffer[] = [];
          let size = 0;
          incoming.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > ANSWER_LIMIT) incoming.destroy();
            else chunks.push(chunk);
          });
          incoming.once('error', reject);
          incoming.once('end', () => {
            const text = Buffer.concat(chunks).toString();
            const isJson = incoming.headers['content-type']?.startsWith('application/json') === true;
            resolve({ status: incoming.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
          });
        },
      );
      outgoing.once('error', reject);
      outgoing.end();
    });
  } finally {
    reachable.release();
  }
}
