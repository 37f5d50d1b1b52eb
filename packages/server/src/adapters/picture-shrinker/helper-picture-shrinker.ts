import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { errors } from '@maque/contract';
import { type Bytes, MiB, type Milliseconds, SECOND, withinLimit } from '@maque/kit';
import {
  MAX_PICTURE_BYTES,
  type PictureRequest,
  type PictureShrinker,
} from '../../ports/picture-shrinker.ts';
import { type Frame, frameHeader, framesIn } from './frame-reader.ts';
import type { ShrinkAnswer, ShrinkRequest } from './helper-protocol.ts';

export interface HelperPictureShrinkerOptions {
  /** Pictures that may wait for their turn; each takes some 0.1 s. */
  readonly maxWaiting: number;
  /** How long a helper without work stays for more. */
  readonly idleMs?: Milliseconds;
}

/**
 * Objects of its own are few; the picture as it came is outside of these heaps. Its library asks for 256 MiB of addresses,
 * the least that it starts with, and gets no more: 4,096 pages of 64 KiB.
 */
const HELPER_FLAGS = ['--max-old-space-size=48', '--max-semi-space-size=1', '--wasm-max-mem-pages=4096'];
/** Starting takes 0.4 s, and a page of a list asks for twenty pictures within a few. */
const IDLE_MS: Milliseconds = 10 * SECOND;
/** A hundred times what a photo takes. */
const PICTURE_TIMEOUT_MS: Milliseconds = 20 * SECOND;
/**
 * Photos of 12 million pixels take a helper to 222 MiB and no further, 50 of them Node's own that all processes share
 * (measured); what larger ones leave behind is given back by ending it.
 */
const MOST_RSS: Bytes = 240 * MiB;
/** Of 1,280 × 1,280 pixels, and a picture of noise. */
const MAX_THUMBNAIL_BYTES: Bytes = 4 * MiB;
const BUSY_RETRY_SECONDS = 2;

/** Makes pictures smaller in a helper process, which is started when it is needed and ended when it is not. */
export function createHelperPictureShrinker(options: HelperPictureShrinkerOptions): PictureShrinker {
  const { maxWaiting, idleMs = IDLE_MS } = options;
  let helper: Helper | undefined;
  let idle: NodeJS.Timeout | undefined;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  function end(): void {
    clearTimeout(idle);
    helper?.kill();
    helper = undefined;
  }

  async function work({ open, ...request }: PictureRequest): Promise<Uint8Array | undefined> {
    clearTimeout(idle);
    try {
      const { facts, content } = await open();
      if (facts.bytes <= MAX_PICTURE_BYTES) return await ask(request, content, facts.bytes);
      content.destroy();
      return undefined;
    } finally {
      if (helper !== undefined) idle = setTimeout(end, idleMs).unref();
    }
  }

  /** Undefined also where the helper dies of a picture or is not done with it in time. */
  async function ask(
    request: ShrinkRequest,
    content: Readable,
    bytes: Bytes,
  ): Promise<Uint8Array | undefined> {
    if (helper?.isAlive !== true) helper = new Helper();
    try {
      const asked = helper.shrink(request, content, bytes);
      const { answer, picture } = await withinLimit(asked, PICTURE_TIMEOUT_MS, () => new Error('too late'));
      if (answer.rssBytes > MOST_RSS) end();
      return picture;
    } catch {
      end();
      return undefined;
    } finally {
      content.destroy();
    }
  }

  return {
    async shrink(request) {
      if (waiting >= maxWaiting) throw errors.OVERLOADED({ retryAfterSeconds: BUSY_RETRY_SECONDS });
      waiting += 1;
      const turn = last.then(() => work(request));
      last = turn.catch(() => {});
      try {
        return await turn;
      } finally {
        waiting -= 1;
      }
    },
    close: end,
  };
}

interface Shrunk {
  readonly answer: ShrinkAnswer;
  /** Undefined for a file that is no picture, or one that does not fit. */
  readonly picture: Uint8Array | undefined;
}

/** One helper process. */
class Helper {
  readonly #process: ChildProcess;
  readonly #input: Writable;
  readonly #frames: AsyncIterator<Frame>;
  #isAlive = true;

  constructor() {
    // Nothing of this process's environment: neither NODE_OPTIONS nor anything secret.
    const child = spawn(process.execPath, [...HELPER_FLAGS, helperScript()], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {},
      windowsHide: true,
    });
    const gone = () => {
      this.#isAlive = false;
    };
    child.once('error', gone).once('close', gone);
    // It does not keep a server alive that ends.
    child.unref();
    for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref(): void }).unref();
    // Broken pipes are told by the end of its answers.
    child.stdin.on('error', () => {});
    this.#process = child;
    this.#input = child.stdin;
    this.#frames = framesIn(child.stdout as AsyncIterable<Buffer>, MAX_THUMBNAIL_BYTES);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** @throws Error when it ends meanwhile, and whatever `content` throws. */
  async shrink(request: ShrinkRequest, content: Readable, bytes: Bytes): Promise<Shrunk> {
    this.#input.write(frameHeader(request, bytes));
    for await (const chunk of content) {
      if (!this.#isAlive) break;
      if (!this.#input.write(chunk)) await once(this.#input, 'drain');
    }
    const { value: frame } = await this.#frames.next();
    if (frame === undefined) throw new Error('the helper has ended');
    const answer = frame.header as ShrinkAnswer;
    return { answer, picture: answer.isDone ? frame.content : undefined };
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

/** It lies beside this file; in a bundle, beside the entries, and this file in a folder of chunks below them. */
function helperScript(): string {
  const name = `picture-helper${extname(import.meta.url)}`;
  const beside = fileURLToPath(new URL(name, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../${name}`, import.meta.url));
}
