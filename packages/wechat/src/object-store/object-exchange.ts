import { Readable } from 'node:stream';
import type { Bytes, Milliseconds } from '@maque/kit';
import { objectStoreErrors } from './object-store-errors.ts';
import { StallTimer } from './stall-timer.ts';
import { unreachable } from './store-refusal.ts';

export interface ExchangeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: { readonly content: AsyncIterable<Uint8Array>; readonly bytes: Bytes };
}

export interface Exchange {
  readonly response: Response;
  /** The body as a stream whose errors are coded. Either this or `finish` must be called. */
  content(): Readable;
  /** Reads what is wanted of the body, and lets the connection go. */
  finish<T>(read: (response: Response) => Promise<T>): Promise<T>;
}

/** Sends one request, and answers whatever status comes back. @throws CodedError STORE_UNREACHABLE, STORE_TIMED_OUT; and what the content throws. */
export async function startExchange(
  request: ExchangeRequest,
  options: { readonly fetch: typeof fetch; readonly stallTimeoutMs: Milliseconds },
): Promise<Exchange> {
  const timer = new StallTimer(options.stallTimeoutMs);
  const source = request.body === undefined ? undefined : new CountedSource(request.body, timer);
  timer.run();
  let response: Response;
  try {
    response = await options.fetch(request.url, {
      method: request.method,
      headers: headersOf(request),
      // Stores redirect to other regions; a signature is for one host only.
      redirect: 'manual',
      signal: timer.signal,
      ...(source === undefined ? {} : { body: source, duplex: 'half' as const }),
    });
  } catch (error) {
    const failure = source?.failure ?? timer.signal.reason ?? unreachable(error);
    timer.end();
    source?.close();
    throw failure;
  }
  timer.pause();
  return {
    response,
    content() {
      const stream = Readable.from(received(response, timer), { objectMode: false });
      const close = stream._destroy;
      // Before it: a stream from an iterator is not closed until the bytes that it waits for have arrived.
      stream._destroy = (error, done) => {
        timer.end();
        close.call(stream, error, done);
      };
      return stream;
    },
    async finish(read) {
      timer.run();
      try {
        return await read(response);
      } catch (error) {
        throw timer.signal.reason ?? unreachable(error);
      } finally {
        timer.end();
        source?.close();
      }
    },
  };
}

function headersOf({ headers, body }: ExchangeRequest): Record<string, string> {
  // Without it fetch asks for gzip and unpacks it, and lengths and ranges are no longer those of the object.
  const asSent = { ...headers, 'accept-encoding': 'identity' };
  // S3 takes no chunks of unknown number.
  return body === undefined ? asSent : { ...asSent, 'content-length': String(body.bytes) };
}

async function* received(response: Response, timer: StallTimer): AsyncGenerator<Uint8Array> {
  try {
    timer.run();
    for await (const chunk of response.body ?? []) {
      timer.pause();
      yield chunk as Uint8Array;
      timer.run();
    }
  } catch (error) {
    throw timer.signal.reason ?? unreachable(error);
  } finally {
    timer.pause();
  }
}

/** Content on its way out: it must be as long as was said, and why it broke off is remembered, since fetch hides it. */
class CountedSource implements AsyncIterable<Uint8Array> {
  readonly #content: AsyncIterable<Uint8Array>;
  readonly #bytes: Bytes;
  readonly #timer: StallTimer;
  #reading: AsyncGenerator<Uint8Array> | undefined;
  failure: unknown;

  constructor(body: { content: AsyncIterable<Uint8Array>; bytes: Bytes }, timer: StallTimer) {
    this.#content = body.content;
    this.#bytes = body.bytes;
    this.#timer = timer;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    this.#reading = this.#read();
    return this.#reading;
  }

  /** Lets go of the content, wherever fetch has left it. */
  close(): void {
    this.#reading?.return(undefined).catch(() => {});
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    try {
      let passed = 0;
      this.#timer.pause();
      for await (const chunk of this.#content) {
        passed += chunk.byteLength;
        if (passed > this.#bytes) throw this.#wrongLength();
        this.#timer.run();
        yield chunk;
        this.#timer.pause();
        // fetch goes on reading a source after the exchange is over, and would read all of it for nothing.
        this.#timer.signal.throwIfAborted();
      }
      if (passed !== this.#bytes) throw this.#wrongLength();
      this.#timer.run();
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  #wrongLength(): Error {
    return objectStoreErrors.STORE_CONTENT_WRONG({ data: { bytes: this.#bytes } });
  }
}
