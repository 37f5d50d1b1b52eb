import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../../testing/start-server.ts';
import { startWechatBench, type WechatBench, wechatApp } from '../../../testing/wechat-bench.ts';
import { WechatMeter } from './wechat-meter.ts';

describe('what routes have of WeChat', () => {
  let bench: WechatBench;
  beforeAll(async () => {
    bench = await startWechatBench();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  it('judges texts for the user who calls', async () => {
    await bench.call('/me');
    expect((await bench.call('/check', { text: '你好' })).json).toMatchObject({
      suggest: 'pass',
      label: 100,
    });
  });

  it('makes links and pictures, and calls what has no name here', async () => {
    expect((await bench.call('/link')).json.url).toMatch(/^https?:/);
    expect((await bench.call('/code')).json).toMatchObject({
      contentType: expect.stringMatching(/^image\//),
    });
    expect((await bench.call('/templates')).json.data.length).toBeGreaterThan(0);
  });

  it('shows in metrics, by path and result', async () => {
    bench.simulator.inject({ kind: 'errcode', errcode: 48001, path: '/wxa/generate_urllink' });
    expect((await bench.call('/link')).json.error.code).toBe('WECHAT_MISCONFIGURED');
    const metrics = bench.server.link.metrics();
    expect(metrics).toMatch(/maque_wechat_calls_total\{path="\/wxa\/msg_sec_check",result="ok"\} 1/);
    expect(metrics).toMatch(
      /maque_wechat_calls_total\{path="\/wxa\/generate_urllink",result="WECHAT_MISCONFIGURED"\} 1/,
    );
    expect(metrics).toMatch(/maque_wechat_call_seconds_bucket\{le="5"\} [1-9]/);
  });
});

it('is refused with a code where there is no AppID', async () => {
  await using temp = await tempFolder();
  await using server = await startServer({ dataDir: temp.path, app: wechatApp });
  for (const path of ['link', 'code', 'templates']) {
    const response = await fetch(`${server.url}/api/${path}`, { headers: { connection: 'close' } });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'WECHAT_OFF' } });
  }
});

describe('the meter of WeChat’s calls', () => {
  const call = (path: string, ms = 100) => ({ path, errcode: 0, failure: null, ms, rid: null, attempt: 1 });
  const metric = (meter: WechatMeter, name: string) => meter.metrics().find((one) => one.name === name);

  it('has bounded labels, whatever paths an app calls', () => {
    const meter = new WechatMeter();
    for (let index = 0; index < 80; index += 1) {
      meter.call(call(`/path/${index}`));
      meter.quota({ path: `/path/${index}`, left: index, dailyLimit: 100 });
    }
    const calls = metric(meter, 'maque_wechat_calls_total');
    expect(calls).toMatchObject({ samples: expect.any(Array) });
    const samples = calls !== undefined && 'samples' in calls ? calls.samples : [];
    expect(samples).toHaveLength(51);
    expect(samples.at(-1)).toEqual({ labels: { path: 'other', result: 'ok' }, value: 30 });
    const quotas = metric(meter, 'maque_wechat_quota_left');
    expect(quotas !== undefined && 'samples' in quotas ? quotas.samples.length : 0).toBe(50);
  });

  it('counts how long calls took in cumulative buckets', () => {
    const meter = new WechatMeter();
    for (const ms of [10, 60, 250, 6_000]) meter.call(call('/a', ms));
    expect(metric(meter, 'maque_wechat_call_seconds')).toMatchObject({
      buckets: [
        { le: 0.05, count: 1 },
        { le: 0.1, count: 2 },
        { le: 0.2, count: 2 },
        { le: 0.5, count: 3 },
        { le: 1, count: 3 },
        { le: 2, count: 3 },
        { le: 5, count: 3 },
      ],
      count: 4,
    });
  });
});
