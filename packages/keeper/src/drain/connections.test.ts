import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  createServer as createHttp2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Drain } from './drain.ts';
import { Traffic } from './traffic.ts';

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('HTTP/2', () => {
  async function serve() {
    const server = createHttp2Server();
    const traffic = new Traffic((found) => found(server));
    server.on('stream', (stream: ServerHttp2Stream, headers) => {
      const ms = Number(headers[':path']?.slice(1));
      if (ms === 0) stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      else stream.respond({ ':status': 200 });
      stream.write('begin ');
      if (ms > 0) setTimeout(() => stream.end(`end ${ms}`), ms);
    });
    const session = connectHttp2(`http://127.0.0.1:${await listen(server)}`);
    onTestFinished(() => void session.destroy());
    await once(session, 'connect');
    return { traffic, session };
  }

  async function ask(session: ClientHttp2Session, ms: number): Promise<string> {
    const stream = session.request({ ':path': `/${ms}` });
    return (await stream.setEncoding('utf8').toArray()).join('');
  }

  it('finishes its streams, tells the client to leave, and ends without an error', async () => {
    const { traffic, session } = await serve();
    const faults: unknown[] = [];
    session.on('error', (error) => faults.push(error));
    const goodbye = once(session, 'goaway');
    const closed = once(session, 'close');
    const answers = [ask(session, 600), ask(session, 900)];
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await new Drain(traffic, { idleGraceMs: 50, timeoutMs: 5_000 }).settled()).toBe(0);
    expect(await Promise.all(answers)).toEqual(['begin end 600', 'begin end 900']);
    expect((await goodbye)[0]).toBe(0);
    await closed;
    expect(faults).toEqual([]);
  });

  it('loses no request: one that crosses with its goodbye is answered, or refused so that it may be sent again', async () => {
    const { traffic, session } = await serve();
    const settled = new Drain(traffic, { idleGraceMs: 0, timeoutMs: 5_000 }).settled();
    // Before the client has read the GOAWAY.
    const answer = ask(session, 100).catch((error: Error) => error.message);
    expect(await answer).toMatch(/begin end 100|NGHTTP2_REFUSED_STREAM/);
    expect(await settled).toBe(0);
  });

  it('ends event streams, and counts streams that outlast the drain', async () => {
    const { traffic, session } = await serve();
    const endless = ask(session, 0);
    const slow = ask(session, 60_000).catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await new Drain(traffic, { idleGraceMs: 50, timeoutMs: 700 }).settled()).toBe(1);
    expect(await endless).toBe('begin ');
    session.destroy();
    await slow;
  });
});

describe('a server that speaks no HTTP', () => {
  it('keeps its connections until the deadline and ends them with a FIN behind all that was written', async () => {
    const server = createServer((socket) => {
      socket.on('data', (chunk) => socket.write(chunk));
      socket.on('error', () => {});
    });
    const traffic = new Traffic((found) => found(server));
    const socket = connect(await listen(server), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    await once(socket, 'connect');
    const faults: unknown[] = [];
    socket.on('error', (error) => faults.push(error));
    const settled = new Drain(traffic, { idleGraceMs: 50, timeoutMs: 800 }).settled();
    await new Promise((resolve) => setTimeout(resolve, 500));
    socket.write('still served');
    const closed = once(socket, 'close');
    expect(await settled).toBe(1);
    await closed;
    expect([text, faults]).toEqual(['still served', []]);
  });

  it('does not wait for the deadline when nobody is connected', async () => {
    const server = createServer();
    const traffic = new Traffic((found) => found(server));
    await listen(server);
    const beganMs = performance.now();
    expect(await new Drain(traffic, { idleGraceMs: 50, timeoutMs: 8_000 }).settled()).toBe(0);
    expect(performance.now() - beganMs).toBeLessThan(4_000);
  });
});
