import { readFileSync } from 'node:fs';
import { controlRequest } from '@maque/keeper';
import { expect, it } from 'vitest';
import { get } from '../../testing/keep-alive-load.ts';
import { eventually, spawnKeeper } from '../../testing/spawn-keeper.ts';

it('tells of a block of five seconds by function, line and route; the worker serves on, and its output is its own', async () => {
  const keeper = await spawnKeeper('blocking-app.mjs').serving(2);
  // Seen after two seconds; the rest is for whoever has to share a core while it is looked into.
  const blocked = get(keeper.port, '/spin?ms=5000');
  const { data } = await keeper.event('WORKER_BLOCKED');
  expect(data.silentMs).toBeLessThan(3_500);
  expect(data).toMatchObject({
    place: {
      en: expect.stringMatching(
        /^blocked for .* in countTo \(.*blocking-app\.mjs:\d+:\d+\), called by parsePrices/,
      ),
    },
    stack: expect.arrayContaining([expect.objectContaining({ functionName: 'parsePrices', owner: 'app' })]),
  });
  expect(JSON.parse(readFileSync(String(data.reportFile), 'utf8'))).toMatchObject({
    worker: data.worker,
    finding: { stack: { route: 'GET /spin' }, reason: null },
  });
  expect(await blocked).toBe('ok');
  expect(keeper.all('WORKER_HUNG')).toEqual([]);
  expect(keeper.stderr).not.toContain('ebugger');
});

it('does not take a snapshot that was asked for as a hang, however long the worker stands still for it', async () => {
  const patience = { hangNoticeMs: 1_500, hangTimeoutMs: 3_000 };
  const keeper = await spawnKeeper('standing-app.mjs', patience).serving(2);
  await eventually('a heartbeat', async () =>
    (await keeper.state()).processes.some(({ id, heapUsed }) => id === 'w1' && heapUsed !== null),
  );
  const { body } = await controlRequest(keeper.socketPath, 'POST', '/snapshot?worker=w1', 20_000);
  expect(body).toMatchObject({ outcome: 'written', bytes: 7 });
  expect([...keeper.all('WORKER_BLOCKED'), ...keeper.all('WORKER_HUNG')]).toEqual([]);
});
