import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MiB, systemClock } from '@maque/kit';
import { afterEach, describe, expect, it } from 'vitest';
import { createObjectStore } from './create-object-store.ts';

const servers: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(servers.splice(0).map((close) => close())));

/** A store that behaves as a test says. */
async function storeThat(listener: RequestListener, stallTimeoutMs = 150) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return storeAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, stallTimeoutMs);
}

function storeAt(endpoint: string, stallTimeoutMs = 150) {
  const account = { bucket: 'shop', region: 'us-east-1', keyId: 'AKID', keySecret: 'the-secret' };
  return createObjectStore({
    ...{ kind: 's3', ...account, endpoint, clock: systemClock, fetch, stallTimeoutMs },
  });
}

async function* content(chunks: number, pauseMs = 0): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < chunks; sent += 1) {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    yield Buffer.alloc(1_024);
  }
}

describe('a store that is silent', () => {
  it('before its answer is given up', async () => {
    const store = await storeThat(() => {});
    await expect(store.head('a')).rejects.toMatchObject({ code: 'STORE_TIMED_OUT' });
  });

  it('in the midst of an object is given up', async () => {
    const store = await storeThat((_, response) => {
      response.writeHead(200, { 'content-length': 2_000 }).write('begin');
    });
    const opened = await store.get('a');
    await expect(opened?.content.toArray()).rejects.toMatchObject({ code: 'STORE_TIMED_OUT' });
  });

  it('while it should take an object is given up', async () => {
    const store = await storeThat(() => {});
    let taken = 0;
    async function* counted() {
      for await (const chunk of content(64 * 1_024)) {
        taken += 1;
        yield chunk;
      }
    }
    const put = store.put('a', counted(), 64 * MiB);
    await expect(put).rejects.toMatchObject({ code: 'STORE_TIMED_OUT' });
    // What the kernel buffers, and not the rest for nothing.
    const takenThen = taken;
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken - takenThen).toBeLessThan(3);
  });
});

describe('slowness of our own', () => {
  it('of a reader does not end an object', async () => {
    const store = await storeThat((_, response) => response.end(Buffer.alloc(MiB)));
    const opened = await store.get('a');
    let bytes = 0;
    for await (const chunk of opened?.content ?? []) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 300));
      bytes += (chunk as Buffer).length;
    }
    expect(bytes).toBe(MiB);
  });

  it('of a source does not end one either', async () => {
    const store = await storeThat((request, response) => {
      request.resume().on('end', () => response.end());
    });
    await store.put('a', content(3, 100), 3 * 1_024);
    await store.put('b', content(1, 300), 1_024);
  });
});

it('breaks off what nobody reads on', async () => {
  const ended = Promise.withResolvers<void>();
  const store = await storeThat((_, response) => {
    response.on('close', ended.resolve);
    response.writeHead(200, { 'content-length': 100 }).write('begin');
  });
  const opened = await store.get('a');
  opened?.content.destroy();
  await ended.promise;
});

it('breaks off what is read no further, without waiting for more of it', async () => {
  const ended = Promise.withResolvers<void>();
  const store = await storeThat((_, response) => {
    response.on('close', ended.resolve);
    response.writeHead(200, { 'content-length': 100 }).write('begin');
  }, 60_000);
  const opened = await store.get('a');
  const begun = Promise.withResolvers<void>();
  opened?.content.on('data', () => begun.resolve());
  await begun.promise;
  // The next bytes, which never come, are being waited for now.
  opened?.content.destroy();
  await ended.promise;
});

it('does not give the whole of an object for a part of it', async () => {
  const store = await storeThat((_, response) => response.end(Buffer.alloc(MiB)));
  await expect(store.get('a', { start: 0, end: 11 })).rejects.toMatchObject({
    code: 'STORE_REFUSED',
    data: { httpStatus: 200 },
  });
});

describe('a store that cannot be understood', () => {
  it('or reached is told as a code', async () => {
    await expect(storeAt('http://127.0.0.1:9').head('a')).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
    });
    const cut = await storeThat((request) => void request.socket.destroy());
    await expect(cut.get('a')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  it('when it cuts an object off', async () => {
    const store = await storeThat((_, response) => {
      response.writeHead(200, { 'content-length': 2_000 });
      response.write('begin', () => response.destroy());
    });
    const opened = await store.get('a');
    await expect(opened?.content.toArray()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  it.each([
    [301, '<Error><Code>PermanentRedirect</Code></Error>', 'STORE_REFUSED'],
    [400, '<html>', 'STORE_REFUSED'],
    [404, '<Error><Code>NoSuchBucket</Code></Error>', 'STORE_BUCKET_MISSING'],
    [403, '<Error><Code>RequestTimeTooSkewed</Code></Error>', 'STORE_CLOCK_SKEWED'],
    [403, `<Error><Code>${'x'.repeat(99)}the-secret</Code></Error>`, 'STORE_DENIED'],
    [503, '<Error><Code>SlowDown</Code></Error>', 'STORE_BUSY'],
    [500, 'x'.repeat(MiB), 'STORE_BUSY'],
  ])('at status %i is told by what it says', async (status, body, code) => {
    const store = await storeThat((_, response) => response.writeHead(status).end(body));
    const failure = store.get('a');
    await expect(failure).rejects.toMatchObject({ code });
    await failure.catch((error: Error) => expect(error.message.length).toBeLessThan(300));
    await failure.catch((error: Error) => expect(error.message).not.toContain('the-secret'));
  });

  it('when a copy fails after its 200', async () => {
    const body = '<?xml version="1.0"?>\n<Error><Code>InternalError</Code></Error>';
    const store = await storeThat((_, response) => response.end(body));
    await expect(store.copy('a', 'b', { contentType: 'text/plain' })).rejects.toMatchObject({
      code: 'STORE_REFUSED',
    });
  });
});

it('asks for the bytes as they are', async () => {
  const seen: unknown[] = [];
  const store = await storeThat((request, response) => {
    seen.push(
      request.headers['accept-encoding'],
      request.headers['content-length'],
      request.headers['transfer-encoding'],
    );
    request.resume().on('end', () => response.end());
  });
  await store.put('a', content(2), 2_048);
  expect(seen).toEqual(['identity', '2048', undefined]);
});
