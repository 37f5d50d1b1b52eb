import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sendHttp } from './send-http.ts';

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a?b=1`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const limits = { timeoutMs: 5_000, maxBytes: 1_000, signal: new AbortController().signal };

describe('a request', () => {
  it('brings status and body back, and follows nobody elsewhere', async () => {
    await using server = await serve((request, response) => {
      response.writeHead(302, { location: '/elsewhere' });
      request.pipe(response);
    });
    const outcome = await sendHttp({ url: server.url, method: 'POST', body: '你好' }, limits);
    expect(outcome).toMatchObject({ status: 302, error: null, body: Buffer.from('你好'), bytes: 6 });
  });

  it('reads no more than it may, and keeps no more than it must', async () => {
    await using server = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    const request = { url: server.url, method: 'GET' } as const;
    const cut = await sendHttp(request, limits);
    expect([cut.body.length, cut.bytes > 1_000]).toEqual([1_000, true]);
    const counted = await sendHttp(request, { ...limits, keepBytes: 0 });
    expect([counted.body.length, counted.bytes > 1_000]).toEqual([0, true]);
  });

  it('says why there was no answer', async () => {
    await using silent = await serve((_, response) => void response.writeHead(200).write('half'));
    const request = { url: silent.url, method: 'GET' } as const;
    expect(await sendHttp(request, { ...limits, timeoutMs: 30 })).toMatchObject({
      status: null,
      error: 'TIMED_OUT',
    });
    const stop = new AbortController();
    const broken = sendHttp(request, { ...limits, signal: stop.signal });
    stop.abort();
    expect((await broken).error).toBe('CLOSED');
    const gone = await serve(() => undefined);
    await gone[Symbol.asyncDispose]();
    expect((await sendHttp({ url: gone.url, method: 'GET' }, limits)).error).toBe('ECONNREFUSED');
    await using rude = await serve((request_) => request_.socket.destroy());
    expect((await sendHttp({ url: rude.url, method: 'GET' }, limits)).error).toBe('ECONNRESET');
  });
});
