import type { Milliseconds } from '@maque/kit';
import { ApiError, type ClientLanguage, clientFault, isErrorBody } from './api-error.ts';
import { defaultRetry, nextRetryMs, type RetryPolicy } from './retry.ts';
import type { FileToSend, Method, Transport, TransportAnswer } from './transport.ts';

declare function setTimeout(work: () => void, ms: number): unknown;

export interface RequesterOptions {
  /** `https://api.example.com`, without `/api`; the empty string is the page's own origin, in browsers. */
  readonly baseUrl: string;
  readonly transport: Transport;
  /** Bound of one try; one with a file has a minute. */
  readonly timeoutMs?: Milliseconds | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Language of error messages. */
  readonly language?: ClientLanguage;
}

/** A path after `/api`, with its slash. */
export type ApiPath = `/${string}`;

export type QueryValue = string | number | boolean | undefined;

export interface ApiRequest {
  readonly method: Method;
  /** After `/api`: `/orders`. */
  readonly path: ApiPath;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  /** Travels as JSON. */
  readonly body?: unknown;
  /** Travels instead of a body. */
  readonly file?: FileToSend | undefined;
  readonly token?: string | undefined;
  /** Under one key the server does it once, so that it may be sent again. */
  readonly idempotencyKey?: string | undefined;
  /** The version of a record that this is meant for. */
  readonly ifMatch?: string | undefined;
  /** Whether it does the same when it is done twice, as GET does and what has a key; others do not unless told. */
  readonly isRepeatable?: boolean | undefined;
}

/** Sends one request, again where that is safe, and gives the answer's JSON. @throws ApiError */
export type Requester = (request: ApiRequest) => Promise<unknown>;

/** 10 s: a mini-program's own default is 60 s, longer than anybody waits and than requests live in the background. */
const defaultTimeoutMs: Milliseconds = 10_000;

/** A minute, WeChat's own default: 10 MB over a line of 170 KB/s. */
export const fileTimeoutMs: Milliseconds = 60_000;

/** @throws TypeError when `baseUrl` is not an http(s) address. */
export function createRequester(options: RequesterOptions): Requester {
  const base = `${checkBaseUrl(options.baseUrl)}/api`;
  const policy: RetryPolicy = { ...defaultRetry, ...options.retry };
  const language = options.language ?? 'en';

  async function attempt(request: ApiRequest): Promise<unknown> {
    let answer: TransportAnswer;
    try {
      answer = await options.transport({
        method: request.method,
        url: `${base}${request.path}${queryString(request.query)}`,
        headers: headersOf(request, language),
        body: request.body === undefined ? undefined : JSON.stringify(request.body),
        file: request.file,
        timeoutMs: request.file === undefined ? (options.timeoutMs ?? defaultTimeoutMs) : fileTimeoutMs,
      });
    } catch (cause) {
      const timedOut = (cause as { timedOut?: boolean } | null)?.timedOut === true;
      throw clientFault(timedOut ? 'NETWORK_TIMEOUT' : 'NETWORK_FAILED', language, { cause });
    }
    return read(answer, language);
  }

  return async (request) => {
    const hasKey = request.idempotencyKey !== undefined;
    const { isRepeatable = request.method === 'GET' || hasKey } = request;
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(request);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const waitMs = nextRetryMs(policy, isRepeatable, tries, error, Math.random());
        if (waitMs === undefined) throw error;
        await new Promise<void>((resolve) => setTimeout(resolve, waitMs));
      }
    }
  };
}

/** A `baseUrl` without the slash at its end. @throws TypeError when it is not an http(s) address. */
export function checkBaseUrl(baseUrl: string): string {
  if (baseUrl !== '' && !/^https?:\/\/[^\s?#]+$/.test(baseUrl)) {
    throw new TypeError(`baseUrl must look like https://api.example.com, not ${JSON.stringify(baseUrl)}`);
  }
  return baseUrl.replace(/\/+$/, '');
}

function headersOf(request: ApiRequest, language: ClientLanguage): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': language };
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey;
  if (request.ifMatch !== undefined) headers['if-match'] = request.ifMatch;
  if (request.token !== undefined) headers.authorization = `Bearer ${request.token}`;
  return headers;
}

/** `?limit=20&sort=-createdAt`; mini-programs have no URLSearchParams. */
function queryString(query: ApiRequest['query']): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function read(answer: TransportAnswer, language: ClientLanguage): unknown {
  const { status } = answer;
  const succeeded = status >= 200 && status < 300;
  let body: unknown;
  try {
    body = answer.text === '' ? undefined : JSON.parse(answer.text);
    if (succeeded) return body;
  } catch {
    // Some proxy's page; told below with its status.
  }
  const retryAfterSeconds = secondsOf(answer.header('retry-after'));
  if (!isErrorBody(body)) throw clientFault('ANSWER_UNREADABLE', language, { status, retryAfterSeconds });
  const { code, message, details, requestId } = body.error;
  throw new ApiError(code, message, { status, details: details ?? [], requestId, retryAfterSeconds });
}

// The date form of Retry-After is not read: phones' clocks are wrong, and our server sends seconds.
function secondsOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
