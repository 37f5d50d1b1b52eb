import { workerLink } from '@maque/keeper/worker-link';
import { describe, expect, it } from 'vitest';
import { get } from '../testing/keep-alive-load.ts';
import { eventually, type KeeperProcess, spawnKeeper } from '../testing/spawn-keeper.ts';

interface Heard {
  readonly id: string;
  readonly heard: readonly string[];
}

/** Asks until both workers have answered; by worker what they heard. */
async function askBoth(keeper: KeeperProcess, path = '/'): Promise<Record<string, readonly string[]>> {
  const answers: Record<string, readonly string[]> = {};
  await eventually('both workers', async () => {
    const { id, heard } = JSON.parse(await get(keeper.port, path)) as Heard;
    answers[id] = heard;
    return Object.keys(answers).length === 2;
  });
  return answers;
}

describe('the worker link', () => {
  it('does nothing in a process that no keeper started', () => {
    const link = workerLink();
    expect([link.managed, link.workerId]).toEqual([false, 'w0']);
    link.publish('news', 'x'.repeat(100_000));
  });

  it('says ready with what the app wants to tell', async () => {
    const keeper = await spawnKeeper('linked-app.mjs', { preload: false }).serving(1);
    expect((await keeper.event('WORKER_READY')).data).toMatchObject({
      worker: 'w1',
      info: { greeting: 'hello' },
    });
  });

  it('passes notices to every other worker, in order', async () => {
    const keeper = await spawnKeeper('linked-app.mjs', { preload: false }).serving(2);
    const { id } = JSON.parse(await get(keeper.port, '/publish?count=3')) as Heard;
    const other = id === 'w1' ? 'w2' : 'w1';
    await eventually('the notices', async () => (await askBoth(keeper))[other]?.length === 3);
    expect(await askBoth(keeper)).toEqual({ [id]: [], [other]: [`${id}:1`, `${id}:2`, `${id}:3`] });
  });

  it('refuses a notice that is too large', async () => {
    const keeper = await spawnKeeper('linked-app.mjs', { preload: false }).serving(1);
    expect(JSON.parse(await get(keeper.port, '/publish?size=70000'))).toEqual({ error: 'RangeError' });
  });

  it('drops and counts what one worker sends too much', async () => {
    const keeper = await spawnKeeper('linked-app.mjs', { preload: false }).serving(2);
    await get(keeper.port, '/publish?count=6000');
    await eventually('the metrics port', () => keeper.metricsPort > 0);
    const dropped = async () => {
      const text = await get(keeper.metricsPort, '/metrics');
      return Number(/maque_keeper_bus_dropped_total\{reason="rate"\} (\d+)/.exec(text)?.[1]);
    };
    await eventually('the count', async () => (await dropped()) >= 1_000);
  });

  it('lets the app close what it has opened once the requests are done, before it exits', async () => {
    const keeper = await spawnKeeper('linked-app.mjs', { preload: false }).serving(2);
    keeper.child.kill('SIGTERM');
    expect(await keeper.exited).toBe(0);
    expect(keeper.stderr).toContain('w1 closes its database');
    expect(keeper.stderr).toContain('w2 closes its database');
  });

  it('hands over what workers write line by line when asked', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { output: 'lines' }).serving(1);
    await get(keeper.port, '/write?ms=1000');
    await eventually('all lines', () => keeper.lines.length === 1_000);
    expect(keeper.lines.at(-1)).toEqual({
      worker: keeper.lines[0]?.worker,
      stream: 'stdout',
      text: 'line 1000',
    });
  });
});
