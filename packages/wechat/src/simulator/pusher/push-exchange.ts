import { type Bytes, KiB, type Milliseconds } from '@maque/kit';

// The longest replies to users are some kilobytes.
const MAX_REPLY: Bytes = 64 * KiB;

/** One request to a server, and what came of it. */
export interface PushTry {
  readonly what: 'push' | 'url-check';
  readonly ok: boolean;
  readonly ms: Milliseconds;
  /** The HTTP status; null without an answer. */
  readonly status: number | null;
  /** Why there was none, such as `ECONNREFUSED` or `TIMED_OUT`; null with an answer. */
  readonly error: string | null;
  /** What was answered, decrypted; at most 2,048 characters. */
  readonly reply: string;
}

export interface PushExchange {
  readonly ms: Milliseconds;
  readonly status: number | null;
  readonly error: string | null;
  readonly text: string;
}

/** Sends a request and reads at most 64 KiB of the answer. Never rejects. */
export async function sendRequest(
  send: typeof fetch,
  url: string,
  request: RequestInit,
  timeoutMs: Milliseconds,
  stop: AbortSignal,
): Promise<PushExchange> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stop]);
    const response = await send(url, { ...request, redirect: 'manual', signal });
    const text = await readStart(response);
    return { ms: elapsed(), status: response.status, error: null, text };
  } catch (error) {
    return { ms: elapsed(), status: null, error: reasonOf(error), text: '' };
  }
}

async function readStart(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MAX_REPLY) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_REPLY).toString('utf8');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'FAILED';
  if (error.name === 'TimeoutError') return 'TIMED_OUT';
  if (error.name === 'AbortError') return 'CLOSED';
  const { cause } = error;
  if (!(cause instanceof Error)) return error.name;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message.slice(0, 100);
}
