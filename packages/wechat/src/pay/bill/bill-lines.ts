import { type Bytes, KiB } from '@maque/kit';

// A line has 27 columns of at most some 130 characters.
const MAX_LINE: Bytes = 16 * KiB;

/** Something in a bill that cannot be right, and what it looks like. */
export class BillFault extends Error {
  readonly found: string;

  constructor(found: string) {
    super(`the bill has ${found}`);
    this.name = 'BillFault';
    this.found = found;
  }
}

/**
 * The lines of a bill, without their ends and the mark at its beginning, as its bytes come in.
 * @throws BillFault when a line is longer than 16 KiB: no more than that is ever held.
 */
export async function* billLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // Takes the byte order mark away by itself, and holds back half a character until its other half is there.
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new BillFault(`a line of more than ${MAX_LINE} bytes`);
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest !== '') yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
