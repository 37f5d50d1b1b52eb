import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  accept,
  answerClose,
  BINARY,
  CLOSE,
  StrictClient,
  send,
  TEXT,
} from '../../testing/small-web-socket.ts';
import { Drain } from './drain.ts';
import { Traffic } from './traffic.ts';

type Socket = IncomingMessage['socket'];

const LIMITS = { idleGraceMs: 50, timeoutMs: 8_000 };

/** An app with WebSockets, in this process, and the traffic that sees it. */
async function serve(onSocket: (socket: Socket, request: IncomingMessage) => void) {
  const server = createServer((_request, response) => response.end('plain'));
  const traffic = new Traffic((found) => found(server));
  server.on('upgrade', (request, socket) => {
    socket.on('error', () => {});
    onSocket(socket as Socket, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { traffic, server, port: (server.address() as AddressInfo).port };
}

function acceptFrom(request: IncomingMessage, socket: Socket): void {
  accept(request.headers['sec-websocket-key'], socket);
}

async function openClient(port: number, isDeaf = false): Promise<StrictClient> {
  const client = new StrictClient(port, '/', isDeaf);
  onTestFinished(() => void client.socket.destroy());
  await client.opened;
  return client;
}

describe('a WebSocket of a worker that leaves', () => {
  it('is closed with 1012, and nothing comes after that from an app that goes on talking', async () => {
    const { traffic, port } = await serve((socket, request) => {
      acceptFrom(request, socket);
      answerClose(socket);
      const talk = setInterval(() => send(socket, TEXT, 'tick'), 1);
      socket.once('close', () => clearInterval(talk));
    });
    const client = await openClient(port);
    await once(client.socket, 'data');
    const cut = await new Drain(traffic, LIMITS).settled();
    expect(await client.closed).toMatchObject({ closeCode: 1012, afterClose: 0, leftOver: 0, end: 'fin' });
    expect(cut).toBe(0);
  });

  it('gets its close frame behind what waits to be sent, between two frames', async () => {
    const big = Buffer.alloc(3_000_000, 7);
    const { traffic, port } = await serve((socket, request) => {
      acceptFrom(request, socket);
      answerClose(socket);
      send(socket, BINARY, big);
      send(socket, BINARY, big);
    });
    const client = await openClient(port);
    client.socket.pause();
    const settled = new Drain(traffic, LIMITS).settled();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    client.socket.resume();
    const { frames, ...rest } = await client.closed;
    expect(rest).toEqual({ closeCode: 1012, afterClose: 0, leftOver: 0, end: 'fin' });
    expect(frames.map(({ payload }) => payload.length)).toEqual([big.length, big.length, 2]);
    expect(await settled).toBe(0);
  });

  it('is left to an app that closes it itself', async () => {
    let socketOfApp: Socket | undefined;
    const { traffic, port } = await serve((socket, request) => {
      acceptFrom(request, socket);
      answerClose(socket);
      socketOfApp = socket;
    });
    // It does not answer, so that the connection is still there when its moment has come.
    const client = await openClient(port, true);
    const settled = new Drain(traffic, LIMITS).settled();
    if (socketOfApp !== undefined) send(socketOfApp, CLOSE, Buffer.of(0x0f, 0xa1));
    const { frames, end } = await client.closed;
    expect(frames.map(({ payload }) => payload.readUInt16BE(0))).toEqual([4001]);
    expect(end).toBe('fin');
    expect(await settled).toBe(0);
  });

  it('ends with a FIN when neither the client nor the app answers', async () => {
    const { traffic, port } = await serve((socket, request) => {
      acceptFrom(request, socket);
      socket.resume();
    });
    const client = await openClient(port, true);
    expect(await new Drain(traffic, LIMITS).settled()).toBe(0);
    expect(await client.closed).toMatchObject({ closeCode: 1012, afterClose: 0, end: 'fin' });
  });

  it('is not spoken to before the app has accepted it', async () => {
    const { traffic, port } = await serve((socket, request) => {
      answerClose(socket);
      setTimeout(() => acceptFrom(request, socket), 400);
    });
    const client = new StrictClient(port);
    await once(client.socket, 'connect');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await new Drain(traffic, LIMITS).settled()).toBe(0);
    expect(await client.closed).toMatchObject({ closeCode: 1012, leftOver: 0, end: 'fin' });
  });

  it('gets no frame into another one whose pieces are piped into it', async () => {
    const pieces = new PassThrough();
    const { traffic, port } = await serve((socket, request) => {
      acceptFrom(request, socket);
      answerClose(socket);
      pieces.pipe(socket);
    });
    const client = await openClient(port);
    const settled = new Drain(traffic, LIMITS).settled();
    const body = Buffer.alloc(100, 1);
    pieces.write(Buffer.of(0x82, 100));
    for (let at = 0; at < 100; at += 10) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      pieces.write(body.subarray(at, at + 10));
    }
    const { frames, ...rest } = await client.closed;
    expect(rest).toEqual({ closeCode: 1012, afterClose: 0, leftOver: 0, end: 'fin' });
    expect(frames.map(({ opcode, payload }) => [opcode, payload.length])).toEqual([
      [BINARY, 100],
      [CLOSE, 2],
    ]);
    expect(await settled).toBe(0);
  });

  it('is closed too when it comes while the worker leaves', async () => {
    const { traffic, port } = await serve((socket, request) => {
      acceptFrom(request, socket);
      answerClose(socket);
    });
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const settled = new Drain(traffic, { idleGraceMs: 500, timeoutMs: 8_000 }).settled();
    const client = new StrictClient(port, '/', false, socket);
    expect(await client.closed).toMatchObject({ closeCode: 1012, afterClose: 0, end: 'fin' });
    expect(await settled).toBe(0);
  });
});

describe('a WebSocket over TLS', () => {
  it.skipIf(!hasOpenssl())('is closed in the same way', async () => {
    const server = createHttpsServer(selfSigned());
    const traffic = new Traffic((found) => found(server));
    server.on('upgrade', (request, socket) => {
      acceptFrom(request, socket as Socket);
      answerClose(socket);
      const talk = setInterval(() => send(socket, TEXT, 'tick'), 1);
      socket.once('close', () => clearInterval(talk));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const client = new StrictClient(port, '/', false, socket);
    await client.opened;
    expect(await new Drain(traffic, LIMITS).settled()).toBe(0);
    expect(await client.closed).toMatchObject({ closeCode: 1012, afterClose: 0, leftOver: 0, end: 'fin' });
  });
});

describe('what is no WebSocket', () => {
  it('is left alone until the deadline, then ends with a FIN and is counted', async () => {
    const { traffic, port } = await serve((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\nhello');
      socket.on('data', (chunk) => socket.write(chunk));
    });
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n');
    await once(socket, 'data');
    const settled = new Drain(traffic, { idleGraceMs: 50, timeoutMs: 1_000 }).settled();
    await new Promise((resolve) => setTimeout(resolve, 700));
    socket.write('still here');
    const ended = once(socket, 'end');
    expect(await settled).toBe(1);
    await ended;
    expect(text.endsWith('hellostill here')).toBe(true);
  });

  it('stays a request for an app that takes no upgrades', async () => {
    const server = createServer((_request, response) => response.end('no upgrade'));
    new Traffic((found) => found(server));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200/);
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
}

function selfSigned(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'maque-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-subj', '/CN=localhost', ...curve, ...files], {
    stdio: 'ignore',
  });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return pair;
}
