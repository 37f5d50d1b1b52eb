import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LeakReport } from '@maque/guard';
import { expect, it, onTestFinished } from 'vitest';
import type { AutopsySummary } from './autopsy-summary.ts';
import { readAutopsySummary } from './read-autopsy-summary.ts';

const APP = join(import.meta.dirname, '../../testing/fixtures/examined-app.mjs');
const AUTOPSY = join(import.meta.dirname, 'create-autopsy.ts');
// What it loads and compiles first is no growth. It is told by what was served: a busy machine serves a third in the time.
const WARM_AFTER_VISITS = 200;
// Two confirmations are half a minute apart at least.
const SERVES_MS = 32_000;

type Told = { readonly summary: AutopsySummary; readonly grownBy: number };

/** Lets a process serve some traffic, takes it out, and answers what its autopsy found and where that lies. */
async function examined(
  kept: { readonly path: string; readonly body: string } | null,
  snapshot: 'when-it-fits' | 'never',
): Promise<Told & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'maque-autopsy-'));
  const app = fork(APP, [AUTOPSY, folder, snapshot], { execArgv: ['--max-old-space-size=192'] });
  onTestFinished(() => {
    app.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const { port } = (await nextMessage(app)) as { port: number };
  const agent = new Agent({ keepAlive: true });
  const over = new AbortController();
  const lists = startVisits({ port, agent, path: '/list', method: 'GET' }, 30, over.signal);
  const keeps = kept && startVisits({ port, agent, method: 'POST', ...kept }, 30, over.signal);
  await lists.warm;
  app.send('watch');
  await pause(SERVES_MS);
  over.abort();
  await Promise.all([lists.ended, keeps?.ended]);
  agent.destroy();
  app.send('drain');
  return { ...((await nextMessage(app)) as Told), folder };
}

async function nextMessage(app: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  app.once('exit', () => ended.abort(new Error('the app ended')));
  const [message] = await once(app, 'message', { signal: ended.signal });
  return message;
}

interface Visit {
  readonly port: number;
  readonly agent: Agent;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** Asks at random moments, as people do, until it is over; tells when the app has answered often enough to be warm. */
function startVisits({ body, ...where }: Visit, perSecond: number, over: AbortSignal) {
  const warm = Promise.withResolvers<void>();
  const visit = async () => {
    for (let answered = 0; !over.aborted; answered += 1) {
      if (answered === WARM_AFTER_VISITS) warm.resolve();
      const asked = request({ host: '127.0.0.1', ...where }).end(body);
      const [response] = await once(asked, 'response');
      await once(response.resume(), 'end');
      await pause(-Math.log(1 - Math.random()) * (1_000 / perSecond));
    }
  };
  const ended = visit();
  ended.catch(warm.reject);
  return { warm: warm.promise, ended };
}

it('names what leaks, writes it down without what users sent, and says of a healthy worker that nothing grows', {
  timeout: 120_000,
}, async () => {
  const [orders, uploads, healthy] = await Promise.all([
    examined({ path: '/orders?card=4929-1111-2222', body: '' }, 'when-it-fits'),
    examined({ path: '/uploads', body: 'x'.repeat(60_000) }, 'never'),
    examined(null, 'when-it-fits'),
  ]);

  expect(orders.summary).toMatchObject({ isConfirmed: true, pool: 'heap', route: 'POST /orders' });
  expect(['growing', 'leaking']).toContain(orders.summary.verdict);
  expect(orders.summary.place).toContain('rememberOrder (');
  expect(orders.summary.firstLines.en).toContain('Route: POST /orders');
  expect(orders.summary.tookMs).toBeLessThan(30_000);
  const report = JSON.parse(readFileSync(orders.summary.reportFile ?? '', 'utf8')) as LeakReport;
  expect(report.confirmed?.since?.growth.heap?.bytes).toBeGreaterThan(1024 * 1024);
  expect(report.snapshot).toEqual({ outcome: 'taken', file: orders.summary.snapshotFile });
  expect(statSync(orders.summary.snapshotFile ?? '').mode & 0o077).toBe(0);
  for (const file of everyFileIn(orders.folder)) {
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('rememberOrder');
    expect(text.includes('4929-1111')).toBe(false);
  }

  expect(uploads.summary).toMatchObject({ pool: 'external', route: 'POST /uploads', snapshotFile: null });
  expect(uploads.summary.place).toContain('keepUpload (');
  expect(uploads.summary.snapshotRefusal).toBeNull();

  expect(healthy.summary).toMatchObject({ verdict: 'healthy', isConfirmed: true, pool: null, route: null });
  expect(healthy.summary.firstLines.en).toBe('Nothing grows (full collections confirm it)');
  expect(everyFileIn(healthy.folder)).toEqual([]);

  for (const { summary } of [orders, uploads, healthy]) expect(readAutopsySummary(summary)).toEqual(summary);
});

function everyFileIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
