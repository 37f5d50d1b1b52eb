import { join } from 'node:path';
import { type Bytes, formatBytes, type Language, MiB, type Milliseconds, say, type Text } from '@maque/kit';
import type { OutputLine } from '../process/worker-output.ts';
import { cleanLine } from './clean-line.ts';
import { LineBuffer } from './line-buffer.ts';
import { RotatingFile } from './rotating-file.ts';

export interface OutputLogOptions {
  /** Made where it is missing. */
  readonly folder: string;
  /** Of the few sentences of its own. */
  readonly language: Language;
  readonly maxFileBytes?: Bytes;
  /** How many files there may be, the current one included. */
  readonly maxFiles?: number;
  /** Called when the disk takes nothing, once until it does again. */
  readonly onFault?: (error: Error) => void;
}

/** The name of the newest file; older ones are `output.1.log`, `output.2.log` … */
export const OUTPUT_LOG = 'output.log';

// In all 50 MiB, 0.1 % of a 40 GB disk: some days of a normal app. One file opens in any editor.
const MAX_FILE_BYTES: Bytes = 10 * MiB;
const MAX_FILES = 5;

// Whoever follows the file reads what a worker printed within a blink.
const FLUSH_AFTER_MS: Milliseconds = 200;

// What waits for the disk, in characters: half a second of one worker that prints at the greatest pace.
const MAX_PENDING_LENGTH = 512 * 1024;

const STREAMS = { stdout: 'out', stderr: 'err' } as const;

const WORDS = {
  dropped: {
    en: '… {bytes} were dropped here: it printed too much at once',
    zh: '… 此处丢弃了 {bytes}：短时间内输出过多',
  },
  lost: {
    en: '… {lines} lines were lost: the disk did not take them',
    zh: '… 丢失 {lines} 行：磁盘未能写入',
  },
} satisfies Record<string, Text>;

/**
 * What all workers print, and what the keeper has to say, as lines of text: `<time> <who> <out|err|evt> <text>`.
 * Bounded on disk and in memory; a disk that is full or slow loses lines, which is said when it takes some again.
 */
export class OutputLog {
  readonly path: string;
  readonly #lines: LineBuffer;
  readonly #language: Language;
  #toldLost = 0;

  constructor(options: OutputLogOptions) {
    this.path = join(options.folder, OUTPUT_LOG);
    this.#language = options.language;
    this.#lines = new LineBuffer(
      new RotatingFile({
        path: this.path,
        maxBytes: options.maxFileBytes ?? MAX_FILE_BYTES,
        maxFiles: options.maxFiles ?? MAX_FILES,
      }),
      {
        maxPendingLength: MAX_PENDING_LENGTH,
        flushAfterMs: FLUSH_AFTER_MS,
        ...(options.onFault === undefined ? {} : { onFault: options.onFault }),
      },
    );
  }

  /** Takes a line of a worker: for `KeeperOptions.output`. */
  readonly write = ({ worker, stream, text, droppedBytes = 0 }: OutputLine): void => {
    const head = `${worker} ${STREAMS[stream]} `;
    if (droppedBytes > 0) {
      this.#add(head, say(WORDS.dropped, this.#language, { bytes: formatBytes(droppedBytes) }));
    }
    // At the end of a flood there may be no line any more.
    if (droppedBytes === 0 || text !== '') this.#add(head, cleanLine(text));
  };

  /** Adds what the keeper itself has to say. */
  note(sentence: string): void {
    this.#add('keeper evt ', cleanLine(sentence));
  }

  /** Writes what waits and closes the file. */
  close(): Promise<void> {
    return this.#lines.close();
  }

  #add(head: string, text: string): void {
    this.#tellLoss();
    this.#lines.write(`${new Date().toISOString()} ${head}${text}\n`);
  }

  #tellLoss(): void {
    const { dropped, isFailing } = this.#lines;
    if (dropped === this.#toldLost || isFailing) return;
    const sentence = say(WORDS.lost, this.#language, { lines: dropped - this.#toldLost });
    if (this.#lines.write(`${new Date().toISOString()} keeper evt ${sentence}\n`)) this.#toldLost = dropped;
    else this.#toldLost += 1;
  }
}
