import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { callApi } from '@maque/testkit/process/api-client';
import { freePort } from '@maque/testkit/process/free-port';
import { spawnProcess, type TestProcess } from '@maque/testkit/process/spawn-process';
import { type RunningMaque, startMaque, statusOf } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planBox } from '../packages/ops/src/plan/box/plan-box.ts';
import { renderOptions } from '../packages/ops/src/render/render-options.ts';
import type { RenderedFile } from '../packages/ops/src/render/rendered-file.ts';
import { prometheus as target } from '../packages/ops/src/render/targets/prometheus.ts';
import { metricsIn } from '../packages/ops/testing/exported-metrics.ts';
import { shopRequest } from '../packages/ops/testing/plan-requests.ts';

/** What is told only once it has happened or is set up; that these exist is read from the sources by a unit test. */
const ON_OCCASION = [
  'maque_backup_last_success_timestamp_seconds',
  'maque_keeper_alerts_lost_total',
  'maque_leak_probability',
  'maque_leak_verdict',
  'maque_payments_overdue',
  'maque_wechat_clock_skew_seconds',
  'maque_wechat_quota_left',
];

let running: AsyncDisposableStack;
let shop: RunningMaque;
let metricsUrl: string;
let prometheusUrl: string;
let files: readonly RenderedFile[];

beforeAll(async () => {
  await using stack = new AsyncDisposableStack();
  shop = stack.use(await startMaque({ args: ['--workers', '2', '--memory', '600M'] }));
  [, metricsUrl = ''] = await shop.process.line(/(http:\/\/127\.0\.0\.1:\d+\/metrics)/);
  files = rendered(Number(new URL(metricsUrl).port));
  const folder = stack.use(await tempFolder());
  const port = await freePort();
  prometheusUrl = `http://127.0.0.1:${port}`;
  stack.use(await startPrometheus(folder.path, port));
  await waitUntil('Prometheus to be ready', () =>
    fetch(`${prometheusUrl}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  running = stack.move();
});
afterAll(() => running?.disposeAsync());

function rendered(metricsPort: number): readonly RenderedFile[] {
  const request = shopRequest();
  const services = [
    ...request.services,
    { kind: 'watcher', name: 'prometheus', program: 'prometheus' } as const,
  ];
  const plan = planBox({ ...request, services });
  if (!plan.fits) throw new Error('the shop and Prometheus do not fit');
  return target.render(plan, renderOptions({ metricsPort }));
}

/** With the rendered files and flags; the test's own are the pace, where files lie, and Prometheus' port. */
async function startPrometheus(folder: string, port: number): Promise<TestProcess> {
  for (const { path, content } of files) {
    const at = join(folder, path);
    await mkdir(dirname(at), { recursive: true });
    const faster = content
      .replaceAll(/(_interval): "\d+s"/g, '$1: "1s"')
      .replace(/(_timeout): "\d+s"/, '$1: "1s"');
    await writeFile(
      at,
      path.endsWith('/prometheus.yml') ? faster.replace('127.0.0.1:9090', `127.0.0.1:${port}`) : content,
    );
  }
  const unit = files.find(({ path }) => path.endsWith('.conf'))?.content ?? '';
  const [, line = ''] = /^ExecStart=(\/usr\/bin\/prometheus (?:.*\\\n|#.*\n)*.*)$/m.exec(unit) ?? [];
  const [command = '', ...flags] = line
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .trim()
    .split(/\s+/);
  const args = flags.map((flag) =>
    flag
      .replace('/etc/prometheus', join(folder, 'etc/prometheus'))
      .replace(/^(--storage\.tsdb\.path=).*/, `$1${join(folder, 'data')}`)
      .replace('127.0.0.1:9090', `127.0.0.1:${port}`),
  );
  return spawnProcess(command, args);
}

// biome-ignore lint/suspicious/noExplicitAny: answers of Prometheus.
async function ask(path: string): Promise<any> {
  const answer = await fetch(`${prometheusUrl}/api/v1/${path}`);
  return ((await answer.json()) as { data: unknown }).data;
}

interface LoadedRule {
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
  readonly state?: string;
}

async function loadedRules(): Promise<readonly LoadedRule[]> {
  const { groups } = (await ask('rules')) as { groups: readonly { rules: readonly LoadedRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

async function numberOf(expression: string): Promise<number> {
  const { result } = await ask(`query?query=${encodeURIComponent(expression)}`);
  return Number(result[0]?.value[1]);
}

const firing = async (name: string) =>
  (await loadedRules()).some((rule) => rule.name === name && rule.state === 'firing');

describe('a real Prometheus with what was rendered, beside a shop that runs', () => {
  it('fetches the numbers of the keeper, and keeps every rule without a fault', async () => {
    await waitUntil('both targets', async () => (await numberOf('sum(up)')) === 2);
    const count = files.map(({ content }) => content.match(/- (?:alert|record):/g)?.length ?? 0);
    const rules = await waitUntil('all rules to be worked out', async () => {
      const loaded = await loadedRules();
      return loaded.length > 0 && loaded.every(({ health }) => health !== 'unknown') && loaded;
    });
    expect(rules).toHaveLength(Math.max(...count));
    expect(rules.filter(({ health, lastError = '' }) => health !== 'ok' || lastError !== '')).toEqual([]);
  });

  it('has a value for what is recorded, under load', async () => {
    // A route's first requests make its series; what comes after them is a rate.
    const visit = () => fetch(`${shop.url}/api/products`).then((answer) => answer.text());
    await waitUntil('requests a second', async () => {
      await Promise.all(Array.from({ length: 10 }, visit));
      return (await numberOf('maque:requests:rate5m')) > 0;
    });
    expect(await numberOf('maque:request_seconds:p99_5m')).toBeGreaterThan(0);
    const share = await numberOf('max(maque:process_memory:share)');
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(1);
  });

  it('asks for nothing that the shop does not tell', async () => {
    await callApi(shop.url, '/api/login/wechat', { body: { code: 'demo-1' } });
    const text = await waitUntil('calls of WeChat to be told', async () => {
      const all = await (await fetch(metricsUrl)).text();
      return all.includes('maque_wechat_calls_total') && all.includes('maque_jobs_dead') && all;
    });
    const told = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const asked = (await loadedRules())
      .flatMap(({ query }) => metricsIn(query))
      .filter((name) => name.startsWith('maque_'));
    expect(asked.length).toBeGreaterThan(40);
    expect([...new Set(asked)].filter((name) => !told.has(name) && !ON_OCCASION.includes(name))).toEqual([]);
  });

  it('speaks when a worker is killed, and not before', async () => {
    expect(await firing('MaqueWorkerOutOfMemory')).toBe(false);
    const worker = (await statusOf(shop)).processes.find(({ role }) => role === 'worker');
    process.kill(worker?.pid ?? 0, 'SIGKILL');
    await waitUntil('the alert', () => firing('MaqueWorkerOutOfMemory'), 15_000);
    const { alerts } = await ask('alerts');
    const [alert] = alerts.filter(
      ({ labels }: { labels: { alertname: string } }) => labels.alertname === 'MaqueWorkerOutOfMemory',
    );
    expect(alert).toMatchObject({
      labels: { severity: 'warning', app: 'shop', box: 'api.example.com', env: 'prod' },
      annotations: { summary: 'shop: a worker ended for want of memory, or by SIGKILL' },
    });
    expect(await firing('MaqueWorkersDie')).toBe(false);
  });

  it('sees that the shop is down', async () => {
    await shop.stop();
    const isPending = async () =>
      (await loadedRules()).some(({ name, state }) => name === 'MaqueDown' && state === 'pending');
    await waitUntil('the alert to wait for its minute', isPending, 15_000);
  });
});
