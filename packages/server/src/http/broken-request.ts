import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errors } from '@maque/contract';
import { errorBody } from './wire-error.ts';

/** What people at a terminal do: `?search=茶` as it is. */
const UNENCODED = 'the address has characters that must be percent-encoded, as encodeURIComponent does it';

/** Answers what never became a request: bytes that are not HTTP, endless headers, a client that takes too long. */
export function answerBrokenRequest(fault: NodeJS.ErrnoException, socket: Socket): void {
  if (fault.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const error = errorFor(fault.code);
    // Nothing was read, so the language is unknown; English is the wire's default.
    const body = JSON.stringify(errorBody(error, 'en', `broken-${randomBytes(6).toString('hex')}`));
    socket.write(
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n` +
        'Connection: close\r\n' +
        'Content-Type: application/json; charset=utf-8\r\n' +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

function errorFor(code: string | undefined) {
  if (code === 'HPE_HEADER_OVERFLOW') return errors.HEADERS_TOO_LARGE();
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return errors.REQUEST_TIMEOUT();
  if (code === 'HPE_INVALID_URL') return errors.BAD_REQUEST({ details: [{ issue: UNENCODED }] });
  return errors.BAD_REQUEST();
}
