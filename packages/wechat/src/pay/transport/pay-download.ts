import type { Milliseconds } from '@maque/kit';
import { readBounded } from '../../http/read-bounded.ts';
import { WechatPayError } from '../errors/wechat-pay-error.ts';
import type { PayApiFacts } from '../pay-api-facts.ts';
import { connectionFailure, type PayCallerOptions } from './pay-caller.ts';
import { refusalIn, toAnswer } from './read-fields.ts';
import { sendSigned } from './send-signed.ts';

/**
 * The bytes of a file of WeChat Pay, as they come. Neither its size nor its time has a bound but the silence between its
 * parts. Such answers are not signed; what they must hash to is in an answer that was.
 * @throws WechatPayError
 */
export async function* download(
  api: PayApiFacts,
  pathAndQuery: string,
  options: PayCallerOptions,
): AsyncGenerator<Uint8Array> {
  const { clock, timeoutMs } = options;
  const startedAt = clock.monotonic();
  const silence = new Silence(timeoutMs);
  let response: Response | undefined;
  const report = (error: WechatPayError | null) =>
    options.onCall({
      method: 'GET',
      path: api.path,
      httpStatus: response?.status ?? null,
      failure: error?.code ?? null,
      wechatCode: error?.wechatCode ?? null,
      ms: clock.monotonic() - startedAt,
      requestId: response?.headers.get('request-id') ?? null,
      attempt: 1,
    });
  const call = {
    method: 'GET',
    host: options.hosts.current(),
    pathAndQuery,
    body: '',
    answerSerial: undefined,
    signal: silence.signal,
  } as const;
  try {
    response = await silence.during(sendSigned(call, options));
    if (!response.ok) {
      const body = await silence.during(readBounded(response, options.maxAnswerBytes));
      throw refusalIn(toAnswer(response, body), api.path, []);
    }
    if (response.body !== null) yield* silence.between(response.body);
    report(null);
  } catch (error) {
    const failure = error instanceof WechatPayError ? error : connectionFailure(error, api.path, timeoutMs);
    report(failure);
    throw failure;
  }
}

/** Gives up when nothing comes for too long. A reader who takes his time with what has come is no silence. */
class Silence {
  readonly #longestMs: Milliseconds;
  readonly #controller = new AbortController();

  constructor(longestMs: Milliseconds) {
    this.#longestMs = longestMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async during<Value>(work: Promise<Value>): Promise<Value> {
    const timer = setTimeout(
      () => this.#controller.abort(new DOMException('nothing came', 'TimeoutError')),
      this.#longestMs,
    );
    return work.finally(() => clearTimeout(timer));
  }

  async *between(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const iterator = chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.during(iterator.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
}
