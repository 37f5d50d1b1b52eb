import { StringDecoder } from 'node:string_decoder';

/** A line of a log is shorter; of a longer one the first part is read. */
const MOST_CHARACTERS = 16_384;

/**
 * The lines of a stream of bytes, one at a time, however long it is. What is no UTF-8 becomes replacement characters; a
 * line without end is cut off, so that memory stays bounded.
 */
export async function* readLogLines(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: StringDecoder | undefined;
  let rest = '';
  let isSkipping = false;
  for await (const chunk of content) {
    decoder ??= new StringDecoder(encodingOf(chunk));
    const text = rest + decoder.write(chunk as Buffer);
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      if (!isSkipping) yield lineOf(text, from, end);
      isSkipping = false;
      from = end + 1;
    }
    rest = text.slice(from);
    if (rest.length > MOST_CHARACTERS) {
      if (!isSkipping) yield rest.slice(0, MOST_CHARACTERS);
      isSkipping = true;
      rest = '';
    }
  }
  if (!isSkipping && rest !== '') yield lineOf(rest, 0, rest.length);
}

/** PowerShell writes `ssh box dmesg > oom.txt` in UTF-16, which begins so. */
function encodingOf([first, second]: Uint8Array): 'utf16le' | 'utf8' {
  return first === 0xff && second === 0xfe ? 'utf16le' : 'utf8';
}

function lineOf(text: string, from: number, end: number): string {
  const last = text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  return text.slice(from, Math.min(last, from + MOST_CHARACTERS));
}
