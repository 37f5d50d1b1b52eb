import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Where a command writes: facts to one stream, everything else to the other. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Colours a text for `out`; plain when it is not a terminal or NO_COLOR is set. */
  style(style: Style, text: string): string;
}

/** The terminal of this process. A reader that goes away (`maque config | head`) is no error. */
export function processTerminal(out: WriteStream, error: WriteStream): Terminal {
  for (const stream of [out, error]) {
    stream.on('error', (fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'EPIPE') throw fault;
    });
  }
  return {
    out: (text) => void out.write(`${text}\n`),
    error: (text) => void error.write(`${text}\n`),
    style: (style, text) => styleText(style, text, { stream: out }),
  };
}
