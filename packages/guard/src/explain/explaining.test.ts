import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { LeakReport } from './leak-report.ts';

const SERVICE = join(import.meta.dirname, '../../fixtures/leaking-service.ts');
const WATCH_MS = 15_000;

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const service of running) service.kill('SIGKILL');
  running.clear();
});

/** Asks for three routes at random moments, as clients do, until the service has made its report. */
async function explain(kind: string, body?: Buffer): Promise<LeakReport> {
  const service = fork(SERVICE, [kind, String(WATCH_MS)], { execArgv: [], stdio: 'inherit' });
  running.add(service);
  const [{ port }] = (await nextMessage(service)) as [{ port: number }];
  const clients = [
    ask(port, 'POST', '/leak', 40, body),
    ask(port, 'GET', '/list', 60),
    ask(port, 'GET', '/health', 10),
  ];
  service.send('explain');
  const [{ report }] = (await nextMessage(service)) as [{ report: LeakReport }];
  for (const stop of clients) stop();
  return report;
}

function nextMessage(service: ChildProcess): Promise<unknown[]> {
  const over = new AbortController();
  service.once('exit', () => over.abort(new Error('the service ended')));
  return once(service, 'message', { signal: over.signal });
}

function ask(port: number, method: string, path: string, perSecond: number, body?: Buffer): () => void {
  let timer: NodeJS.Timeout;
  const next = () => {
    const asked = request({ port, host: '127.0.0.1', method, path: `${path}?secret=of-the-user` });
    asked.on('response', (response) => response.resume()).on('error', () => {});
    asked.end(body);
    timer = setTimeout(next, -Math.log(1 - Math.random()) * (1_000 / perSecond));
  };
  next();
  return () => clearTimeout(timer);
}

it('names the route and the place of a leak, whatever it is', { timeout: 60_000 }, async () => {
  const [search, upload, listener, feed] = await Promise.all([
    explain('search'),
    explain('upload', Buffer.alloc(100_000)),
    explain('listener'),
    explain('feed'),
  ]);
  for (const report of [search, upload, listener, feed]) {
    expect(report.lookFirst.route).toBe('POST /leak');
    expect(report.routes[0]?.confidence).toBeGreaterThan(0.5);
    expect(JSON.stringify(report)).not.toContain('secret');
  }
  expect(search.sites[0]?.stack.map((position) => position.function)).toContain('rememberSearch');
  expect(search.sites[0]?.app?.file).toContain('fixtures/leaking-service.ts');
  expect(upload.sites[0]?.app?.function).toBe('keepUpload');
  expect(listener.piles).toContainEqual(
    expect.objectContaining({ constructorName: 'EventEmitter', route: 'POST /leak' }),
  );
  expect(listener.sites[0]?.constructors).toContain('IncomingMessage');
  expect(feed.piles[0]).toMatchObject({ constructorName: 'Timeout', route: 'POST /leak' });
  expect(feed.piles[0]?.stack.map((position) => position.function)).toContain('feed');
});
