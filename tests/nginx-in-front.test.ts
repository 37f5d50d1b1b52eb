import { Agent, request } from 'node:https';
import { runMaque, startMaque } from '@maque/testkit/process/start-maque';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';
import { DOMAIN, type ServingNginx, serveNginx } from '../packages/ops/testing/serving-nginx.ts';

const CLIENTS = 8;

/** Phones that ask one thing after the other, and now and then send something, until they are told to stop. */
function phones({ https }: ServingNginx) {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const statuses = new Map<string, number>();
  let isOver = false;
  const note = (what: string) => statuses.set(what, (statuses.get(what) ?? 0) + 1);
  const ask = (method: string, path: string, body?: string) =>
    new Promise<void>((resolve) => {
      const to = { host: '127.0.0.1', port: https, servername: DOMAIN, rejectUnauthorized: false };
      const headers = { host: DOMAIN, 'content-type': 'application/json' };
      const sent = request({ ...to, agent, method, path, headers }, (response) => {
        note(`${method} ${response.statusCode}`);
        response.resume().on('close', resolve);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        note(`${method} ${error.code}`);
        resolve();
      });
      sent.end(body);
    });
  const loops = Array.from({ length: CLIENTS }, async (_, index) => {
    while (!isOver) {
      await ask('GET', '/api/products');
      if (index === 0) await ask('POST', '/api/orders', '{"items":[]}');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });
  return {
    statuses,
    async stop() {
      isOver = true;
      await Promise.all(loops);
      agent.destroy();
    },
  };
}

it('loses no request to a worker that is replaced behind the rendered nginx', async () => {
  await using shop = await startMaque({ env: { MAQUE_TRUSTED_PROXY: '127.0.0.1' } });
  await using nginx = await serveNginx(Number(new URL(shop.url).port));
  const load = phones(nginx);
  await waitUntil('answers', () => (load.statuses.get('GET 200') ?? 0) > 20);
  await using recycle = await runMaque(['recycle', '--data-dir', shop.dataDir]);
  expect(await recycle.exit(40_000)).toMatchObject({ code: 0 });
  await load.stop();
  // Nobody is logged in: an order is refused, which is an answer.
  expect([...load.statuses.keys()].sort()).toEqual(['GET 200', 'POST 401']);
}, 90_000);
