import { callApi, logIn } from '@maque/testkit/process/api-client';
import { memoryCgroup } from '@maque/testkit/process/memory-cgroup';
import { startMaque, statusOf } from '@maque/testkit/process/start-maque';
import { steadyLoad } from '@maque/testkit/process/steady-load';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';

const LIMIT_BYTES = 512 * 1024 * 1024;

/** A developer's machine may not allow cgroups; where a release is checked, REQUIRE_CGROUP=1 says that it must. */
async function cgroupOrNone() {
  try {
    return await memoryCgroup(LIMIT_BYTES);
  } catch (error) {
    if (process.env.REQUIRE_CGROUP === '1') throw error;
    return undefined;
  }
}

it('runs whole inside 512 MiB: keeper, two workers and the simulator, found by themselves', async ({
  skip,
}) => {
  await using cgroup = await cgroupOrNone();
  if (cgroup === undefined)
    return skip('this machine does not allow a memory cgroup (run as root to test it)');
  await using shop = await startMaque({ cgroup });
  await shop.process.line(/Memory budget 512 MiB \(cgroup v[12] limit of 512 MiB\), workers: 2/);

  const url = `${shop.url}/api/products?limit=100`;
  const load = steadyLoad({ url, requestsPerSecond: 300, connections: 50 });
  const [product] = (await callApi(shop.url, '/api/products?sort=-stock&limit=1')).json().items;
  const body = { items: [{ productId: product.id, quantity: 1 }] };
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, user) => logIn(shop.url, `demo-${user}`)));
  const orders = tokens.map((token) => callApi(shop.url, '/api/orders', { token, body }));
  expect(new Set((await Promise.all(orders)).map(({ status }) => status))).toEqual(new Set([201]));
  await waitUntil('a thousand answers', () => load.result().answered > 1_000);
  expect((await load.stop()).failures).toEqual([]);
  expect(cgroup.oomKills()).toBe(0);
  const { used, budget } = await statusOf(shop);
  expect(used).toBeLessThan(budget);
  expect(budget).toBeLessThanOrEqual(LIMIT_BYTES);
  expect(await shop.stop()).toMatchObject({ code: 0 });
});
