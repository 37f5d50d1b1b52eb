import { writeSync } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';

/** The terminal that a process has. */
export interface ScreenStreams {
  readonly input: ReadStream;
  readonly output: WriteStream & { readonly fd: number };
}

/** A key as node:readline reads it. */
export interface PressedKey {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly sequence?: string;
}

// xterm's control sequences, which every terminal of today knows: the alternate screen (1049), the cursor (25), wrapping at
// the edge (7). One picture is shown at once by those that know 2026, the rest ignore it.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const BEGIN_PICTURE = '\x1b[?2026h';
const ERASE_ALL = '\x1b[2J';
const END_PICTURE = '\x1b[?2026l';

/**
 * A terminal as a screen: a picture is drawn over the last one, only lines that changed are written. Whatever ends the
 * process, an error included, the terminal is what it was before.
 */
export class Screen implements Disposable {
  readonly #input: ReadStream;
  readonly #output: ScreenStreams['output'];
  readonly #onKey: (key: PressedKey) => void;
  readonly #onResize: () => void;
  /** Null where what is on the screen is not ours, or is out of place. */
  #shown: readonly string[] | null = null;
  #isOpen = false;

  constructor(
    streams: ScreenStreams,
    hooks: { readonly onKey: (key: PressedKey) => void; readonly onResize: () => void },
  ) {
    this.#input = streams.input;
    this.#output = streams.output;
    this.#onKey = (key) => (key.name === 'z' && key.ctrl === true ? this.#suspend() : hooks.onKey(key));
    this.#onResize = () => {
      this.#shown = null;
      hooks.onResize();
    };
    emitKeypressEvents(this.#input);
    this.#input.on('keypress', this.#pressed);
    this.#output.on('resize', this.#onResize);
    process.on('exit', this.#restore);
    this.#open();
  }

  /** One less than there are: to erase the rest of a line that is full would take its last character. */
  get columns(): number {
    return sizeOr(this.#output.columns, 80) - 1;
  }

  get rows(): number {
    return sizeOr(this.#output.rows, 24);
  }

  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    const shown = this.#shown ?? [];
    const parts = this.#shown === null ? [ERASE_ALL] : [];
    for (const [row, line] of lines.entries()) {
      if (line !== shown[row]) parts.push(`\x1b[${row + 1};1H${line}\x1b[0m\x1b[K`);
    }
    if (lines.length < shown.length) parts.push(`\x1b[${lines.length + 1};1H\x1b[J`);
    this.#shown = lines;
    if (parts.length > 0) this.#output.write([BEGIN_PICTURE, ...parts, END_PICTURE].join(''));
  }

  [Symbol.dispose](): void {
    this.#input.off('keypress', this.#pressed);
    this.#output.off('resize', this.#onResize);
    process.off('exit', this.#restore);
    this.#restore();
  }

  readonly #pressed = (_text: string, key: PressedKey): void => this.#onKey(key);

  #open(): void {
    this.#isOpen = true;
    this.#shown = null;
    this.#input.setRawMode(true);
    this.#input.resume();
    this.#output.write(ENTER);
  }

  readonly #restore = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#input.pause();
    try {
      this.#input.setRawMode(false);
      // At the end of a process nothing else is written any more.
      writeSync(this.#output.fd, LEAVE);
    } catch {
      // The terminal itself is gone.
    }
  };

  /** Ctrl-Z, which no terminal turns into a signal in raw mode. */
  #suspend(): void {
    this.#restore();
    process.once('SIGCONT', () => {
      this.#open();
      this.#onResize();
    });
    process.kill(process.pid, 'SIGTSTP');
  }
}

/** A terminal over a serial line does not know how large it is. */
function sizeOr(size: number, standard: number): number {
  return size > 0 ? size : standard;
}
