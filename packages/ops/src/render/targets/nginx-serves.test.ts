import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request as requestHttps } from 'node:https';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { describe, expect, it } from 'vitest';
import { anyServer, DOMAIN, type ServingNginx, serveNginx } from '../../../testing/serving-nginx.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Over HTTP/1.1, on a connection of its own. */
async function ask({ https }: ServingNginx, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', path = '/', headers = {}, body } = asked;
  const secure = { servername: DOMAIN, rejectUnauthorized: false };
  const to = { host: '127.0.0.1', port: https, method, path, agent: false, ...secure };
  return new Promise((resolve, reject) => {
    const request = requestHttps({ ...to, headers: { host: DOMAIN, ...headers } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function tls({ https }: ServingNginx, options: object = {}): Promise<TLSSocket> {
  const to = { host: '127.0.0.1', port: https, servername: DOMAIN, rejectUnauthorized: false };
  const socket = connectTls({ ...to, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

const echo: RequestListener = (request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ url: request.url, headers: request.headers }));
};

describe('nginx with the files of a plan', () => {
  it('speaks TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2, and tells the app who asks', async () => {
    await using app = await anyServer();
    app.on('request', echo);
    await using nginx = await serveNginx(app.port);
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await tls(nginx, { minVersion: version, maxVersion: version });
      expect(socket.getProtocol()).toBe(version);
      socket.destroy();
    }
    const lies = { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil' };
    const answer = await ask(nginx, { path: '/api/me?a=1', headers: lies });
    expect(answer.status).toBe(200);
    expect(answer.headers['strict-transport-security']).toBe('max-age=2592000');
    expect(JSON.parse(answer.text)).toMatchObject({
      url: '/api/me?a=1',
      headers: {
        host: DOMAIN,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': DOMAIN,
        'x-real-ip': '127.0.0.1',
      },
    });

    const session = connectHttp2(`https://${DOMAIN}:${nginx.https}`, {
      createConnection: () =>
        connectTls({
          ...{ host: '127.0.0.1', port: nginx.https, servername: DOMAIN },
          ...{ ALPNProtocols: ['h2'], rejectUnauthorized: false },
        }),
    });
    const stream = session.request({ ':path': '/over-two', ':authority': DOMAIN });
    const [head] = await once(stream, 'response');
    expect(head[':status']).toBe(200);
    session.destroy();
  });

  it('sends plain HTTP to TLS but for new certificates, and strangers nowhere', async () => {
    await using app = await anyServer();
    app.on('request', echo);
    await using nginx = await serveNginx(app.port);
    const plain = (path: string, host: string) =>
      new Promise<Answer>((resolve, reject) => {
        import('node:http').then(({ get }) =>
          get(
            { host: '127.0.0.1', port: nginx.http, path, headers: { host }, agent: false },
            async (response) => {
              const text = Buffer.concat(await response.toArray()).toString();
              resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
            },
          ).on('error', reject),
        );
      });
    expect(await plain('/a?b=c', DOMAIN)).toMatchObject({
      status: 301,
      headers: { location: `https://${DOMAIN}/a?b=c` },
    });
    mkdirSync(`${nginx.folder}/acme/.well-known/acme-challenge`, { recursive: true });
    writeFileSync(`${nginx.folder}/acme/.well-known/acme-challenge/token`, 'proof');
    expect(await plain('/.well-known/acme-challenge/token', DOMAIN)).toMatchObject({
      status: 200,
      text: 'proof',
    });
    await expect(plain('/', '203.0.113.7')).rejects.toThrow();
    const stranger = await tls(nginx, { servername: 'stranger.example.org' });
    const heard: Buffer[] = [];
    stranger.on('data', (part: Buffer) => heard.push(part)).on('error', () => {});
    stranger.write('GET / HTTP/1.1\r\nHost: stranger.example.org\r\n\r\n');
    await waitUntil('the end', () => stranger.closed);
    expect(heard).toEqual([]);
    expect((await ask(nginx, { path: '/metrics' })).status).toBe(404);
    expect((await ask(nginx, { path: '/_/' })).status).toBe(200);
  });

  it('passes a WebSocket on, and nothing else that calls itself an upgrade', async () => {
    await using app = await anyServer();
    app.on('request', echo);
    app.on('upgrade', (request, socket) => {
      expect(request.url).toBe('/api/realtime?token=t');
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      socket.pipe(socket);
    });
    await using nginx = await serveNginx(app.port);
    const socket = await tls(nginx);
    const head = `GET /api/realtime?token=t HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    socket.write(head);
    const heard: string[] = [];
    socket.on('data', (part: Buffer) => heard.push(part.toString()));
    await waitUntil('101', () => heard.join('').includes('101 Switching Protocols'));
    socket.write('hello');
    await waitUntil('the echo', () => heard.join('').endsWith('hello'));
    socket.destroy();

    const odd = await ask(nginx, { headers: { connection: 'upgrade', upgrade: 'h2c' } });
    expect(JSON.parse(odd.text).headers).not.toHaveProperty('upgrade');
    const log = () => readFileSync(`${nginx.folder}/log/access.log`, 'utf8');
    process.kill(nginx.pid, 'SIGUSR1');
    await waitUntil('the log', () => log().includes('/api/realtime'), 8_000);
    expect(log()).toMatch(/"GET \/api\/realtime HTTP\/1\.1" 101 .* upstream_status="101" .* tls="TLSv1\.3"/);
    expect(log()).not.toContain('token');
  });

  it('refuses too large a body itself, in the form that the app has for errors', async () => {
    await using app = await anyServer();
    let bytes = 0;
    app.on('request', (request, response) => {
      request.on('data', (part: Buffer) => (bytes += part.length)).on('end', () => response.end('{}'));
    });
    await using nginx = await serveNginx(app.port);
    const upload = (size: number) =>
      ask(nginx, { method: 'POST', path: '/api/uploads', body: Buffer.alloc(size, 'x') });
    expect((await upload(11 * 1_048_576)).status).toBe(200);
    expect(bytes).toBe(11 * 1_048_576);
    const refused = await ask(nginx, {
      ...{ method: 'POST', path: '/api/uploads' },
      headers: { 'content-length': String(13 * 1_048_576), expect: '100-continue' },
    });
    expect(refused.status).toBe(413);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'BODY_TOO_LARGE' } });
  });

  it('repeats a GET whose worker died, and never a POST', async () => {
    await using app = await anyServer();
    const seen: string[] = [];
    app.on('request', (request, response) => {
      seen.push(`${request.method} ${request.url}`);
      const isFirst = seen.filter((one) => one === `${request.method} ${request.url}`).length === 1;
      // A worker that is killed takes its connections along.
      request.on('data', () => {}).on('end', () => (isFirst ? request.socket.destroy() : response.end('{}')));
    });
    await using nginx = await serveNginx(app.port);
    expect((await ask(nginx, { path: '/api/products' })).status).toBe(200);
    expect(seen).toEqual(['GET /api/products', 'GET /api/products']);
    for (const method of ['POST', 'PATCH']) {
      const lost = await ask(nginx, { method, path: '/api/orders', body: '{"items":[]}' });
      expect(lost.status).toBe(502);
      expect(lost.headers['retry-after']).toBe('2');
      expect(JSON.parse(lost.text)).toMatchObject({ error: { code: 'OVERLOADED' } });
      expect(seen.filter((one) => one === `${method} /api/orders`)).toHaveLength(1);
    }
    // Nobody was struck off: the next one is served at once.
    expect((await ask(nginx, { path: '/api/products' })).status).toBe(200);
  });

  it('keeps what the app calls public, and for nobody in particular', async () => {
    await using app = await anyServer();
    let count = 0;
    app.on('request', (request, response) => {
      count += 1;
      const control = new URL(request.url ?? '', 'http://app').searchParams.get('control');
      if (control !== null) response.setHeader('cache-control', control);
      response.setHeader('etag', '"1"');
      response.statusCode = request.headers['if-none-match'] === '"1"' ? 304 : 200;
      response.end(response.statusCode === 200 ? String(count) : undefined);
    });
    await using nginx = await serveNginx(app.port);
    const texts = async (control: string, headers: Readonly<Record<string, string>> = {}) => {
      const path = `/x?control=${encodeURIComponent(control)}`;
      return [await ask(nginx, { path, headers }), await ask(nginx, { path, headers })].map(
        ({ text }) => text,
      );
    };
    const [first, second] = await texts('public, max-age=60');
    expect(second).toBe(first);
    for (const control of ['max-age=60', 'private, max-age=60', 'no-store', '']) {
      const [one, other] = await texts(control);
      expect(other).not.toBe(one);
    }
    const [own, again] = await texts('public, max-age=60', { authorization: 'Bearer t' });
    expect(new Set([first, own, again]).size).toBe(3);
    const known = await ask(nginx, { path: '/x?control=private', headers: { 'if-none-match': '"1"' } });
    expect(known.status).toBe(304);
  });

  it('lets through what WeChat tells, while phones of the same address wait', async () => {
    await using app = await anyServer();
    const waiting: (() => void)[] = [];
    app.on('request', (request, response) => {
      if (request.url === '/slow') waiting.push(() => response.end('{}'));
      else response.end('{}');
    });
    await using nginx = await serveNginx(app.port);
    const phones = Array.from({ length: 120 }, () => ask(nginx, { path: '/slow' }));
    await waitUntil('84 requests under way', () => waiting.length === 84);
    expect((await ask(nginx, { path: '/api/products' })).status).toBe(503);
    const notice = { method: 'POST', path: '/api/wechat/pay/notify', body: '{}' };
    expect((await ask(nginx, notice)).status).toBe(200);
    for (const answer of waiting) answer();
    const statuses = (await Promise.all(phones)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(84);
  });

  it('lets no address flood the app', async () => {
    await using app = await anyServer();
    app.on('request', echo);
    await using nginx = await serveNginx(app.port);
    const session = connectHttp2(`https://${DOMAIN}:${nginx.https}`, {
      createConnection: () =>
        connectTls({
          ...{ host: '127.0.0.1', port: nginx.https, servername: DOMAIN },
          ...{ ALPNProtocols: ['h2'], rejectUnauthorized: false },
        }),
    });
    await once(session, 'remoteSettings');
    const statuses = await Promise.all(
      Array.from({ length: 900 }, async () => {
        const stream = session.request({ ':path': '/', ':authority': DOMAIN });
        stream.resume();
        const [head] = await once(stream, 'response');
        return [head[':status'], head['retry-after']].join(' ');
      }),
    );
    session.destroy();
    expect(new Set(statuses)).toEqual(new Set(['200 ', '429 2']));
    expect(statuses.filter((status) => status === '200 ').length).toBeGreaterThan(400);
  });
});
