import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import type { Bytes, Milliseconds } from '@maque/kit';

/** A request to a developer's own server. */
export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

interface HttpLimits {
  /** For all of it, the answer's body included. */
  readonly timeoutMs: Milliseconds;
  /** What is more of the answer is not read. */
  readonly maxBytes: Bytes;
  /** What is more is read, but not kept: as much as is read unless told. */
  readonly keepBytes?: Bytes;
  /** Breaks it off. */
  readonly signal: AbortSignal;
}

/** What came of a request. */
export interface HttpOutcome {
  readonly ms: Milliseconds;
  /** Null without an answer. */
  readonly status: number | null;
  /** Why there was none: `TIMED_OUT`, `CLOSED`, or a code such as `ECONNREFUSED`; null with an answer. */
  readonly error: string | null;
  readonly body: Buffer;
  /** How many bytes were read; more than `maxBytes` means that there is more. */
  readonly bytes: Bytes;
}

/**
 * Sends a request, each over a connection of its own, and follows no redirect. Never rejects. With node:http, which the
 * simulator's own server has loaded: `fetch` takes 9 MiB more (RSS, measured) of a process that has 8 for all of the simulator.
 */
export async function sendHttp(
  wanted: HttpRequest,
  { timeoutMs, signal, ...limits }: HttpLimits,
): Promise<HttpOutcome> {
  const startedAt = performance.now();
  const timeout = AbortSignal.timeout(timeoutMs);
  const elapsed = () => Math.round(performance.now() - startedAt);
  try {
    const response = await open(wanted, AbortSignal.any([timeout, signal]));
    const read = await readStart(response, limits);
    return { ms: elapsed(), status: response.statusCode ?? null, error: null, ...read };
  } catch (error) {
    const reason = timeout.aborted ? 'TIMED_OUT' : signal.aborted ? 'CLOSED' : reasonOf(error);
    return { ms: elapsed(), status: null, error: reason, body: Buffer.alloc(0), bytes: 0 };
  }
}

async function open(
  { url, method, headers = {}, body }: HttpRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const send = url.startsWith('https:') ? (await import('node:https')).request : httpRequest;
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const options: RequestOptions = { method, headers: { ...headers, ...length }, agent: false, signal };
  return new Promise((resolve, reject) => {
    const request: ClientRequest = send(url, options, resolve);
    request.on('error', reject).end(body);
  });
}

async function readStart(
  response: IncomingMessage,
  { maxBytes, keepBytes = maxBytes }: Pick<HttpLimits, 'maxBytes' | 'keepBytes'>,
): Promise<Pick<HttpOutcome, 'body' | 'bytes'>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (bytes < keepBytes) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, keepBytes), bytes };
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'FAILED';
}
