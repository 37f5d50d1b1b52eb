import { cpuMsOf } from '@maque/testkit/process/cpu-time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginsSession,
  isRequestLineComplete,
  REQUEST_LINE_LIMIT,
  sessionOfAnswer,
  sessionOfRequest,
} from './session-id.ts';

const SID = 'lv_VI97HAXpY6yYWAAAC';

describe('the session of a request', () => {
  it.each([
    [`GET /socket.io/?EIO=4&transport=polling&sid=${SID} HTTP/1.1\r\n`, SID],
    [`POST /socket.io/?sid=${SID}&EIO=4 HTTP/1.1\r\nHost: x`, SID],
    ['GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n', null],
    [`GET / HTTP/1.1\r\nReferer: /?sid=${SID} \r\n`, null],
    [`GET /?sid=${'x'.repeat(129)} HTTP/1.1\r\n`, null],
    ['GET /?sid= HTTP/1.1\r\n', null],
    [`GET /?oversid=${SID} HTTP/1.1\r\n`, null],
    ['\x16\x03\x01\x02\x00', null],
  ])('%j', (bytes, session) => {
    expect(sessionOfRequest(Buffer.from(bytes, 'latin1'))).toBe(session);
  });

  it('is looked for in any bytes without an error, and in bounded time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const session = sessionOfRequest(bytes);
        expect(session === null || /^[\w-]{1,128}$/.test(session)).toBe(true);
      }),
    );
    const hostile = Buffer.from(`GET /${'?sid=a&'.repeat(100_000)}`);
    expect(cpuMsOf(() => sessionOfRequest(hostile))).toBeLessThan(1_000);
  });

  it('waits for the end of the line, but not for what is no HTTP or has no end', () => {
    expect(isRequestLineComplete(Buffer.from('GET /socket.io/?EI'))).toBe(false);
    expect(isRequestLineComplete(Buffer.from('GET / HTTP/1.1\r\n'))).toBe(true);
    expect(isRequestLineComplete(Buffer.of(0x16, 0x03))).toBe(true);
    expect(isRequestLineComplete(Buffer.alloc(REQUEST_LINE_LIMIT, 'A'))).toBe(true);
    expect(isRequestLineComplete(Buffer.alloc(0))).toBe(false);
  });
});

describe('the session of an answer', () => {
  it('begins with a request of Engine.IO that names none', () => {
    expect(beginsSession('/socket.io/?EIO=4&transport=polling')).toBe(true);
    expect(beginsSession(`/socket.io/?EIO=4&transport=polling&sid=${SID}`)).toBe(false);
    expect(beginsSession('/orders')).toBe(false);
  });

  it.each([
    [`0{"sid":"${SID}","upgrades":["websocket"]}`, SID],
    [Buffer.from(`96:0{"sid":"${SID}","upgrades":[]}2:40`), SID],
    [`___eio[0]("0{\\"sid\\":\\"${SID}\\"}");`, SID],
    ['{"code":0,"message":"Transport unknown"}', null],
    [undefined, null],
  ])('%j', (chunk, session) => {
    expect(sessionOfAnswer(chunk)).toBe(session);
  });
});
