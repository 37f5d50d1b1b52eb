import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MiB, systemClock } from '@maque/kit';
import { createObjectStoreSimulator } from '@maque/wechat/simulator';
import { expect, it } from 'vitest';
import { openObjectFileStore } from './object-file-store.ts';

const FILE = 200 * MiB;
/**
 * Measured: 83 MiB, with the store itself in this process, which takes and sends the file too. V8 lets 64 MiB of buffers
 * become garbage before it collects them; the file would add 200.
 */
const MOST_RSS = 128 * MiB;

it('takes a file of 200 MiB there and back through a bounded memory', async ({ annotate }) => {
  const folder = await mkdtemp(join(tmpdir(), 'maque-arriving-'));
  const account = {
    kind: 's3',
    bucket: 'shop',
    region: 'us-east-1',
    keyId: 'AKID',
    keySecret: 'secret',
  } as const;
  const simulator = await createObjectStoreSimulator({ ...account, clock: systemClock });
  const store = await openObjectFileStore({
    ...{ ...account, folder, endpoint: simulator.url, clock: systemClock },
    attention: (error) => expect(error).toBeUndefined(),
  });
  const chunk = Buffer.alloc(64 * 1_024, 'x');
  async function* content() {
    for (let sent = 0; sent < FILE; sent += chunk.length) yield chunk;
  }
  const before = process.memoryUsage.rss();
  let rss = 0;
  const watch = setInterval(() => {
    rss = Math.max(rss, process.memoryUsage.rss() - before);
  }, 5);
  try {
    const options = { maxBytes: FILE, contentType: () => 'video/mp4' };
    expect((await store.put('large', content(), options)).bytes).toBe(FILE);
    const opened = await store.open('large');
    let read = 0;
    for await (const part of opened?.content ?? []) read += (part as Buffer).length;
    expect(read).toBe(FILE);
    annotate(`peak over the start: ${Math.round(rss / MiB)} MiB of RSS`);
    expect(rss).toBeLessThan(MOST_RSS);
  } finally {
    clearInterval(watch);
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
});
