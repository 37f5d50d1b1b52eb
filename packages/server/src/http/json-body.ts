import { isUtf8 } from 'node:buffer';
import { errors, limits } from '@maque/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Makes JSON the only kind of body: in UTF-8, nested no deeper than the contract allows, keys that reach for a prototype
 * refused. Depth is counted on the text, before anything is built from it. An empty body is none, whatever its
 * content type says: `wx.request` says `application/json` of every request.
 */
export function useJsonBodies(http: FastifyInstance): void {
  const parse = http.getDefaultJsonParser('error', 'error');
  http.removeAllContentTypeParsers();
  http.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (bytes.length === 0) return done(null, undefined);
    // Decoding puts U+FFFD for what is no UTF-8: what is kept would be something else than what was sent.
    if (!isUtf8(bytes)) return done(errors.BAD_JSON(), undefined);
    const text = bytes.toString();
    if (nestsDeeperThan(text, limits.jsonDepth)) return done(errors.BAD_JSON(), undefined);
    parse(request as FastifyRequest, text, done);
  });
}

/** Whether the brackets of a JSON text nest deeper than `max`. Takes 1 ns a character. */
export function nestsDeeperThan(text: string, max: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (isInString) {
      if (char === BACKSLASH) index += 1;
      else if (char === QUOTE) isInString = false;
    } else if (char === QUOTE) {
      isInString = true;
    } else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      depth += 1;
      if (depth > max) return true;
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
  return false;
}
