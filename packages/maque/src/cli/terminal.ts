import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Where a command writes: facts to one stream, everything else to the other. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Whether nobody reads `out` any more: whoever prints much may stop. */
  isClosed(): boolean;
  /** Colours a text for `out`; plain when it is not a terminal or NO_COLOR is set. */
  style(style: Style, text: string): string;
  /** How wide `out` is: what COLUMNS says, else the terminal; undefined where nobody knows, as in a pipe. */
  columns(): number | undefined;
}

/** A narrower terminal is none that people read in. */
const LEAST_COLUMNS = 40;

/** The terminal of this process. A reader that goes away (`maque config | head`) is no error. */
export function processTerminal(out: WriteStream, error: WriteStream): Terminal {
  let isClosed = false;
  for (const stream of [out, error]) {
    stream.on('error', (fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'EPIPE') throw fault;
      if (stream === out) isClosed = true;
    });
  }
  return {
    out: (text) => void out.write(`${text}\n`),
    error: (text) => void error.write(`${text}\n`),
    isClosed: () => isClosed,
    style: (style, text) => styleText(style, text, { stream: out }),
    columns() {
      const columns = Number(process.env.COLUMNS ?? out.columns);
      return columns > 0 ? Math.max(LEAST_COLUMNS, Math.floor(columns)) : undefined;
    },
  };
}
