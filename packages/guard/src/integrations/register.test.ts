import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@maque/testkit/process/free-port';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseExposition } from '../../fixtures/parse-exposition.ts';
import { runNode } from '../../fixtures/run-node.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const register = new URL('./register.ts', import.meta.url);

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function start(app: string, env: Record<string, string>, flags = ['--import', register.href]) {
  const { NODE_OPTIONS: _runner, ...inherited } = process.env;
  const child = fork(fixture(app), { execArgv: flags, env: { ...inherited, ...env }, silent: true });
  closers.push(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  return { child, stderr: () => said.join('') };
}

async function portOf(child: ChildProcess): Promise<number> {
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return port;
}

/** Runs `body` in a process that was registered. */
const run = (body: string, env: Record<string, string> = {}, flags = ['--import', register.href]) =>
  runNode([...flags, '-e', body], env);

const WATCHED = `globalThis[Symbol.for('@maque/guard/1')] !== undefined`;

describe('@maque/guard/register', () => {
  it.each([
    ['--import', register.href],
    ['--require', fileURLToPath(register)],
  ])('tells the metrics of an app without a change of its code, by %s', async (flag, path) => {
    const metricsPort = await freePort();
    const env = { MAQUE_GUARD_METRICS: String(metricsPort), MAQUE_GUARD_METRICS_TOKEN: 'secret' };
    const { child, stderr } = start('bare-http-app.cjs', env, [flag, path]);
    const port = await portOf(child);
    for (const item of [1, 2]) await (await fetch(`http://127.0.0.1:${port}/items/${item}`)).text();
    await vi.waitFor(async () => {
      const headers = { authorization: 'Bearer secret' };
      const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { headers });
      expect(parseExposition(await answer.text())).toContainEqual({
        name: 'maque_http_requests_total',
        labels: { route: 'GET /items/:id' },
        value: 2,
      });
    });
    expect(stderr()).toBe('');
  });

  it('lets a worker of a cluster tell, and says once that the other cannot', async () => {
    const metricsPort = await freePort();
    const { child, stderr } = start('cluster-app.cjs', { MAQUE_GUARD_METRICS: String(metricsPort) });
    const port = await portOf(child);
    await portOf(child);
    await vi.waitFor(
      async () => {
        // A connection of its own each time: the one that is kept may lead to the other worker for ever.
        const once = { headers: { connection: 'close' } };
        await (await fetch(`http://127.0.0.1:${port}/`, once)).text();
        const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
        expect(text).toMatch(/^maque_http_requests_total\{route="GET \/"\} [1-9]/m);
        expect(stderr().match(/EADDRINUSE/g)).toHaveLength(1);
      },
      { timeout: 15_000 },
    );
  });

  it('does not keep a process alive', async () => {
    const { code, stderr } = await run('setTimeout(() => {}, 200)', { MAQUE_GUARD_METRICS: '0' });
    expect([code, stderr]).toEqual([0, '']);
  });

  it('starts the app in spite of settings that are wrong, and names all of them', async () => {
    const { code, stdout, stderr } = await run(`console.log(${WATCHED})`, {
      MAQUE_GUARD_METRICS: '0.0.0.0:9464',
      MAQUE_GUARD_METRIX: '1',
      MAQUE_GUARD_BASELINE: '/nowhere/at/all',
      MAQUE_GUARD_APP_VERSION: 'v'.repeat(200),
    });
    expect([code, stdout]).toEqual([0, 'true\n']);
    expect(stderr).toContain('unknown setting MAQUE_GUARD_METRIX; did you mean MAQUE_GUARD_METRICS?');
    expect(stderr).toContain('needs MAQUE_GUARD_METRICS_TOKEN');
    expect(stderr).toContain('baseline.version must be a text of 1 to 100 characters');
  });

  it('watches a process once, whatever threads and copies of the preload there are', async () => {
    const body = `
      const { Worker } = require('node:worker_threads');
      const thread = new Worker("require('node:worker_threads').parentPort.postMessage(${WATCHED})", { eval: true });
      thread.on('message', (watched) => console.log(JSON.stringify([${WATCHED}, watched])));`;
    const flags = ['--import', register.href, '--require', fileURLToPath(register)];
    const { stdout, stderr } = await run(body, { MAQUE_GUARD_METRICS: '0' }, flags);
    expect(JSON.parse(stdout)).toEqual([true, false]);
    expect(stderr).toBe('');
  });

  it('leaves a package manager alone that starts the app', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maque-register-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const tool = join(folder, 'npm-cli.js');
    writeFileSync(tool, `console.log(${WATCHED})`);
    const { stdout } = await runNode(['--import', register.href, tool]);
    expect(stdout).toBe('false\n');
  });
});
