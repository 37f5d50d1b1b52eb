import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { get } from '../../testing/keep-alive-load.ts';
import { spawnKeeper } from '../../testing/spawn-keeper.ts';

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
