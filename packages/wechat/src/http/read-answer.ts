import type { Bytes } from '@maque/kit';

/** An answer that is JSON, whatever its header calls it. */
export interface JsonAnswer {
  readonly [field: string]: unknown;
}

/** A body that is no use to us, and what it looks like instead. */
export class UnreadableAnswer extends Error {
  readonly found: string;

  constructor(found: string) {
    super(`the answer is ${found}`);
    this.name = 'UnreadableAnswer';
    this.found = found;
  }
}

/**
 * Reads a JSON object from an answer of at most `maxBytes`; more is cut off at the source.
 * WeChat sends JSON as `text/plain` too, so the content decides and not the header.
 * @throws UnreadableAnswer when it is too large, empty or no JSON object.
 */
export async function readAnswer(response: Response, maxBytes: Bytes): Promise<JsonAnswer> {
  const text = (await readBounded(response, maxBytes)).trim();
  if (!text.startsWith('{')) throw new UnreadableAnswer(describe(text));
  const answer = parseObject(text);
  // WeChat refuses with 200 and an errcode; an error status without one is somebody else's, such as a proxy's.
  if (!response.ok && typeof answer.errcode !== 'number') throw new UnreadableAnswer('JSON without errcode');
  return answer;
}

function parseObject(text: string): JsonAnswer {
  try {
    return JSON.parse(text) as JsonAnswer;
  } catch {
    throw new UnreadableAnswer('broken JSON');
  }
}

async function readBounded(response: Response, maxBytes: Bytes): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new UnreadableAnswer(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

function describe(text: string): string {
  if (text === '') return 'nothing';
  return text.startsWith('<') ? 'HTML' : 'text that is no JSON object';
}
