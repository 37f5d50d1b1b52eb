import { once } from 'node:events';
import { Agent, createServer, get, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { MINUTE, systemClock } from '@maque/kit';
import { afterEach, expect, it, vi } from 'vitest';
import { collectGarbage } from '../collect-garbage.ts';
import { RequestWatch } from './request-watch.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<{ server: Server; base: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  await once(server, 'listening');
  return { server, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function watchRequests(): RequestWatch {
  const watch = new RequestWatch(systemClock, MINUTE);
  closers.push(() => watch.stop());
  return watch;
}

it('puts a frame of the route on the stacks below it, for bodies too, and knows the route later', async () => {
  const watch = watchRequests();
  const seen: { stack: string; route: string | null }[] = [];
  const look = () => seen.push({ stack: new Error('look').stack ?? '', route: watch.currentRoute() });
  const { base } = await serve((incoming, response) => {
    look();
    incoming.on('data', look).on('end', async () => {
      look();
      await wait(1);
      look();
      response.end();
    });
  });
  const asked = request(`${base}/orders/42`, { method: 'POST' }).end('body');
  const [response] = await once(asked, 'response');
  response.resume();
  await vi.waitFor(() => expect(seen).toHaveLength(4));
  const [[number]] = [...watch.routeNames()] as [[number, string]];
  expect(watch.routeNames().get(number)).toBe('POST /orders/:id');
  for (const { route } of seen) expect(route).toBe('POST /orders/:id');
  const framed = seen.map(({ stack }) => stack.includes(`maque-route:${number}`));
  // After an await nothing is below it any more.
  expect(framed).toEqual([true, true, true, false]);
});

it('sees which requests outlive their answer, and what still waits for them', async () => {
  const watch = watchRequests();
  const kept: unknown[] = [];
  const never = new Promise(() => {});
  const waits = async () => await never;
  const { base } = await serve((incoming, response) => {
    if (incoming.url === '/kept') kept.push(response);
    if (incoming.url === '/waits') void waits();
    response.end('ok');
  });
  const agent = new Agent({ keepAlive: false });
  for (const path of ['/kept', '/waits', '/gone']) await once(get(base + path, { agent }), 'close');
  await vi.waitFor(
    async () => {
      collectGarbage();
      await wait(5);
      const survival = watch.survival(Number.POSITIVE_INFINITY);
      const of = (route: string) => survival.find((each) => each.route === `GET /${route}`);
      expect(of('kept')).toMatchObject({ followed: 1, open: 0, objects: 1 });
      expect(of('waits')).toMatchObject({ followed: 1, contexts: 1 });
      expect(of('gone')).toMatchObject({ followed: 1, open: 0, objects: 0, contexts: 0 });
    },
    { timeout: 5_000 },
  );
  expect(kept).toHaveLength(1);
});

it('tells a bounded number of routes apart', async () => {
  const watch = watchRequests();
  const { base } = await serve((_request, response) => response.end());
  const agent = new Agent({ keepAlive: true });
  closers.push(() => agent.destroy());
  for (let index = 0; index < 210; index += 1) {
    const name = String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26));
    const [response] = await once(get(`${base}/${name}/${name}`, { agent }), 'response');
    response.resume();
    await once(response, 'end');
  }
  expect(watch.routeNames().size).toBe(200);
  expect([...watch.routeNames().values()]).toContain('(other)');
});

it('leaves servers and requests as they were when it stops', async () => {
  const watch = watchRequests();
  const { server, base } = await serve((_request, response) => response.end());
  await (await fetch(base)).text();
  expect(Object.hasOwn(server, 'emit')).toBe(true);
  watch.stop();
  expect(Object.hasOwn(server, 'emit')).toBe(false);
  expect((await fetch(base)).status).toBe(200);
  expect(watch.currentRoute()).toBeNull();
});
