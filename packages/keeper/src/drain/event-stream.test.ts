import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Drain } from './drain.ts';
import { Traffic } from './traffic.ts';

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  const traffic = new Traffic((found) => found(server));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { traffic, port: (server.address() as AddressInfo).port };
}

async function open(port: number): Promise<{ response: IncomingMessage; text: Promise<string> }> {
  const [response] = (await once(get({ port, host: '127.0.0.1', agent: false }), 'response')) as [
    IncomingMessage,
  ];
  // Rejects with ECONNRESET when the end of the answer does not come.
  return {
    response,
    text: response
      .setEncoding('utf8')
      .toArray()
      .then((chunks) => chunks.join('')),
  };
}

const TYPES = { 'content-type': 'text/event-stream' };

it.each<[string, RequestListener]>([
  ['writeHead alone', (_request, response) => void response.writeHead(200, TYPES)],
  [
    'setHeader',
    (_request, response) => void response.setHeader('Content-Type', 'text/event-stream; charset=utf-8'),
  ],
])(
  'ends an event stream in order, its type told by %s, and the app may go on writing',
  async (_how, begin) => {
    const { traffic, port } = await serve((incoming, response) => {
      begin(incoming, response);
      const talk = setInterval(() => response.write('data: tick\n\n'), 1);
      response.on('close', () => clearInterval(talk));
      response.write(`data: ${'x'.repeat(20_000_000)}\n\n`);
    });
    const { response, text } = await open(port);
    // More than the system's buffers hold: the stream is not over at its end, and the app goes on. An error that nobody
    // hears would end this process.
    response.pause();
    const settled = new Drain(traffic, { idleGraceMs: 50, timeoutMs: 5_000 }).settled();
    await new Promise((resolve) => setTimeout(resolve, 300));
    response.resume();
    expect(await settled).toBe(0);
    expect((await text).slice(20_000_000)).toMatch(/^x*\n\n(data: tick\n\n)*$/);
  },
);

it('spreads the ends', async () => {
  const { traffic, port } = await serve(
    (_request, response) => void response.writeHead(200, TYPES).write(':\n\n'),
  );
  const streams = await Promise.all(Array.from({ length: 60 }, () => open(port)));
  const beganMs = performance.now();
  const ends = streams.map(async ({ text }) => {
    await text;
    return performance.now() - beganMs;
  });
  expect(await new Drain(traffic, { idleGraceMs: 50, timeoutMs: 5_000, spreadMs: 1_000 }).settled()).toBe(0);
  const times = await Promise.all(ends);
  // 15 each on the average; none in a quarter happens once in 10⁷.
  for (const quarter of [0, 1, 2, 3]) {
    expect(times.filter((ms) => Math.min(3, Math.floor(ms / 250)) === quarter).length).toBeGreaterThan(0);
  }
});

it('lets a download and a long poll end by themselves', async () => {
  const { traffic, port } = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).write('begin ');
    setTimeout(() => response.end('end'), 800);
  });
  const { text } = await open(port);
  expect(await new Drain(traffic, { idleGraceMs: 50, timeoutMs: 5_000 }).settled()).toBe(0);
  expect(await text).toBe('begin end');
});

it('sends all of an answer that a slow client has not taken yet', async () => {
  const body = Buffer.alloc(20_000_000, 'x');
  const { traffic, port } = await serve((_request, response) => void response.end(body));
  const { response, text } = await open(port);
  response.pause();
  const settled = new Drain(traffic, { idleGraceMs: 50, timeoutMs: 5_000 }).settled();
  await new Promise((resolve) => setTimeout(resolve, 500));
  response.resume();
  expect((await text).length).toBe(body.length);
  expect(await settled).toBe(0);
});

it('takes an upload to its end', async () => {
  const { traffic, port } = await serve(async (incoming, response) => {
    let bytes = 0;
    for await (const chunk of incoming) bytes += (chunk as Buffer).length;
    response.end(String(bytes));
  });
  const upload = request({ port, host: '127.0.0.1', agent: false, method: 'POST' });
  const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
  upload.write(Buffer.alloc(500_000));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const settled = new Drain(traffic, { idleGraceMs: 50, timeoutMs: 5_000 }).settled();
  await new Promise((resolve) => setTimeout(resolve, 600));
  upload.end(Buffer.alloc(500_000));
  const [response] = await answered;
  expect((await response.setEncoding('utf8').toArray()).join('')).toBe('1000000');
  expect(await settled).toBe(0);
});

it('counts an answer that outlasts the drain', async () => {
  const { traffic, port } = await serve(
    (_request, response) => void response.writeHead(200).write('endless'),
  );
  const { text } = await open(port);
  text.catch(() => {});
  expect(await new Drain(traffic, { idleGraceMs: 50, timeoutMs: 300 }).settled()).toBe(1);
});
