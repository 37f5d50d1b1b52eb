import { describe, expect, it } from 'vitest';
import { get } from '../../testing/keep-alive-load.ts';
import { eventually, type KeeperProcess, spawnKeeper } from '../../testing/spawn-keeper.ts';
import { mergeExpositions } from './merge-exposition.ts';

async function scrape(keeper: KeeperProcess): Promise<string> {
  await eventually('the metrics port', () => keeper.metricsPort > 0);
  return get(keeper.metricsPort, '/metrics');
}

describe('merging metrics', () => {
  it('puts the workers beside each other under one head per family', () => {
    const text = (value: number) =>
      [
        '# HELP jobs_total Jobs, by kind.',
        '# TYPE jobs_total counter',
        `jobs_total{kind="a \\"b\\" {c}"} ${value}`,
        '# HELP wait_seconds Waiting.',
        '# TYPE wait_seconds histogram',
        `wait_seconds_bucket{le="+Inf"} ${value}`,
        `wait_seconds_sum ${value}`,
        `wait_seconds_count{} ${value}`,
        'bare 1 1700000000000',
        '# EOF',
        '',
      ].join('\n');
    const merged = mergeExpositions([
      { worker: 'w1', text: text(1) },
      { worker: 'w2', text: text(2) },
    ]);
    expect(merged.split('\n')).toEqual([
      '# HELP jobs_total Jobs, by kind.',
      '# TYPE jobs_total counter',
      'jobs_total{worker="w1",kind="a \\"b\\" {c}"} 1',
      'jobs_total{worker="w2",kind="a \\"b\\" {c}"} 2',
      '# HELP wait_seconds Waiting.',
      '# TYPE wait_seconds histogram',
      'wait_seconds_bucket{worker="w1",le="+Inf"} 1',
      'wait_seconds_sum{worker="w1"} 1',
      'wait_seconds_count{worker="w1"} 1',
      'wait_seconds_bucket{worker="w2",le="+Inf"} 2',
      'wait_seconds_sum{worker="w2"} 2',
      'wait_seconds_count{worker="w2"} 2',
      'bare{worker="w1"} 1 1700000000000',
      'bare{worker="w2"} 1 1700000000000',
      '',
    ]);
  });

  it('makes nothing of nothing', () => {
    expect(mergeExpositions([{ worker: 'w1', text: '\n# only a remark\n' }])).toBe('');
  });
});

describe('/metrics', () => {
  it("joins the keeper's own numbers with those of each worker", async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    const text = await scrape(keeper);
    expect(text).toContain('maque_keeper_workers{state="ready"} 2\n');
    expect(text).toMatch(/maque_keeper_process_pss_bytes\{process="keeper"\} \d+\n/);
    expect(text).toMatch(
      /maque_heap_used_bytes\{worker="w1"\} \d+\nmaque_heap_used_bytes\{worker="w2"\} \d+\n/,
    );
    const types = text.split('\n').filter((line) => line.startsWith('# TYPE '));
    expect(new Set(types).size).toBe(types.length);
  });

  it('does not wait for a worker that is blocked, and still sees its memory', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    get(keeper.port, '/block?ms=60000').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    const text = await scrape(keeper);
    expect(text.match(/maque_keeper_worker_answers\{worker="w\d"\} 0/g)).toHaveLength(1);
    expect(text.match(/maque_keeper_process_rss_bytes\{process="w\d"\} [1-9]/g)).toHaveLength(2);
  });

  it('answers while every worker is down', async () => {
    const keeper = await spawnKeeper('boots-once.mjs', { workers: 1 }).serving(1);
    process.kill(Number((await keeper.event('WORKER_STARTED')).data.pid), 'SIGKILL');
    await keeper.event('RESTART_DELAYED', 2);
    const text = await scrape(keeper);
    expect(text).toContain('maque_keeper_workers{state="ready"} 0\n');
    expect(text).toContain('maque_keeper_worker_exits_total{cause="KILLED"} 1\n');
    expect(text).toMatch(/maque_keeper_worker_exits_total\{cause="UNCAUGHT_ERROR"\} [1-9]/);
  });
});
