import { Agent, request } from 'node:http';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';
import { startSmallServer } from '../../testing/small-server.ts';

function get(port: number, agent: Agent): Promise<{ status: number; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: '/api/slow', agent }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection }),
      );
    })
      .on('error', reject)
      .end();
  });
}

it('answers what is under way and what still comes on open connections, and nothing new', async () => {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const server = await startSmallServer((routes) => {
    routes.get('/api/slow', { config: { auth: 'public' } }, async () => {
      await gate.promise;
      return { ok: true };
    });
  });
  const idle = new Agent({ keepAlive: true });
  expect(await get(server.port, idle)).toMatchObject({ status: 200, connection: 'keep-alive' });
  gate = Promise.withResolvers<void>();
  const busy = new Agent({ keepAlive: true });
  const underWay = get(server.port, busy);
  await waitUntil('one inside', () => server.http.admission().active === 1);

  const drained = server.http.drain(5_000);
  expect(server.http.isDraining).toBe(true);
  const late = get(server.port, idle);
  await expect(get(server.port, new Agent())).rejects.toThrow('ECONNREFUSED');
  gate.resolve();
  expect((await underWay).status).toBe(200);
  expect(await late).toEqual({ status: 200, connection: 'close' });
  await drained;
  idle.destroy();
  busy.destroy();
});

it('does not wait for who never ends', async () => {
  const server = await startSmallServer((routes) => {
    routes.get('/api/slow', { config: { auth: 'public' } }, () => new Promise(() => {}));
  });
  const stuck = get(server.port, new Agent());
  await waitUntil('one inside', () => server.http.admission().active === 1);
  const startedAt = performance.now();
  const failed = expect(stuck).rejects.toThrow('socket hang up');
  await server.http.drain(300);
  await failed;
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
