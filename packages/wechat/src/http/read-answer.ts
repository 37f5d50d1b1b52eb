import type { Bytes } from '@maque/kit';
import { readBounded, UnreadableAnswer } from './read-bounded.ts';

/** An answer that is JSON, whatever its header calls it. */
export interface JsonAnswer {
  readonly [field: string]: unknown;
}

/** An answer that is a picture. */
export interface PictureAnswer {
  /** Such as `image/jpeg`. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** What an answer turned out to be: some of WeChat's APIs send a picture when all is well, and JSON when it is not. */
export type Answer =
  | { readonly kind: 'json'; readonly json: JsonAnswer }
  | { readonly kind: 'picture'; readonly picture: PictureAnswer };

/**
 * Reads a JSON object or a picture from an answer of at most `maxBytes`; more is cut off at the source.
 * WeChat sends JSON as `text/plain` too, so what begins with a brace is JSON, whatever the header says; a picture needs both:
 * a header that says so and another beginning.
 * @throws UnreadableAnswer when it is too large, empty or neither.
 */
export async function readAnswer(response: Response, maxBytes: Bytes): Promise<Answer> {
  const bytes = await readBounded(response, maxBytes);
  const contentType = response.headers.get('content-type') ?? '';
  if (contentType.startsWith('image/') && bytes.length > 0 && !beginsWithBrace(bytes)) {
    // Somebody else's, as an error page is.
    if (!response.ok) throw new UnreadableAnswer('a picture');
    return { kind: 'picture', picture: { contentType, bytes } };
  }
  const text = bytes.toString('utf8').trim();
  if (!text.startsWith('{')) throw new UnreadableAnswer(describe(text));
  const json = parseObject(text);
  // WeChat refuses with 200 and an errcode; an error status without one is somebody else's, such as a proxy's.
  if (!response.ok && typeof json.errcode !== 'number') throw new UnreadableAnswer('JSON without errcode');
  return { kind: 'json', json };
}

function beginsWithBrace(bytes: Buffer): boolean {
  return bytes.subarray(0, 16).toString('latin1').trimStart().startsWith('{');
}

function parseObject(text: string): JsonAnswer {
  try {
    return JSON.parse(text, exactly) as JsonAnswer;
  } catch {
    throw new UnreadableAnswer('broken JSON');
  }
}

/** Numbers that a double cannot hold, as a msgid of 64 bits, are left as text: rounded, they would name nothing. */
function exactly(_name: string, value: unknown, context?: { readonly source: string }): unknown {
  const inexact = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return inexact && context !== undefined ? context.source : value;
}

function describe(text: string): string {
  if (text === '') return 'nothing';
  return text.startsWith('<') ? 'HTML' : 'text that is no JSON object';
}
