import { StringDecoder } from 'node:string_decoder';

// Longer lines are cut: a log line of our own is under 1 KiB, a stack trace is many lines.
const LINE_LIMIT = 16 * 1024;

/** Turns chunks of bytes into lines of at most 16 Ki characters; holds no more than one unfinished line. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #isCut = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = '';
    const unfinished = lines.pop() ?? '';
    for (const line of lines) this.#finish(line);
    this.#hold(unfinished);
  }

  /** Hands out the last line if it has no end. */
  end(): void {
    if (this.#rest !== '' || this.#isCut) this.#finish(this.#rest);
    this.#rest = '';
  }

  #finish(line: string): void {
    const wasCut = this.#isCut;
    this.#isCut = false;
    // The beginning of a cut line is out already; its tail is dropped.
    if (!wasCut) this.#onLine(line.length > LINE_LIMIT ? `${line.slice(0, LINE_LIMIT)}…` : line);
  }

  #hold(unfinished: string): void {
    if (this.#isCut) return;
    if (unfinished.length <= LINE_LIMIT) {
      this.#rest = unfinished;
      return;
    }
    this.#onLine(`${unfinished.slice(0, LINE_LIMIT)}…`);
    this.#isCut = true;
  }
}
