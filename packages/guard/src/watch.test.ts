import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MiB } from '@maque/kit';
import { describe, expect, it, vi } from 'vitest';
import { parseExposition } from '../fixtures/parse-exposition.ts';
import { runNode } from '../fixtures/run-node.ts';
import type { Pressure } from './pressure/pressure.ts';
import type { MemorySample } from './sample/memory-sample.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const index = JSON.stringify(new URL('./index.ts', import.meta.url).href);

/** Runs a script that has `watch` in a process of its own. */
const runScript = (body: string, ...flags: string[]) =>
  runNode([...flags, '--input-type=module', '-e', `import { watch } from ${index};\n${body}`]);

describe('watch', () => {
  it('follows a planted leak with its floor until pressure is critical', { timeout: 60_000 }, async () => {
    const flags = ['--max-old-space-size=64', '--max-semi-space-size=2'];
    const { stdout, stderr, code } = await runNode([...flags, fixture('planted-leak.ts')], {}, 50_000);
    expect(stderr).not.toContain('heap out of memory');
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    const samples = lines.map(
      (line) => JSON.parse(line) as { memory: MemorySample } & Pick<Pressure, 'reasons'>,
    );
    const floors = samples.map(({ memory }) => memory.heapFloor).filter((floor) => floor !== null);
    const last = samples.at(-1);
    expect(last?.memory.heapLimit).toBe(64 * MiB);
    expect(last?.reasons[0]).toMatchObject({ level: 'critical' });
    expect(floors.length).toBeGreaterThan(5);
    // The floor rises with what is kept; it wavers by the garbage that an incremental collection leaves for the next one.
    expect(Math.max(...floors) - Math.min(...floors)).toBeGreaterThan(30 * MiB);
    for (const [at, floor] of floors.entries())
      expect(floor).toBeGreaterThan((floors[at - 1] ?? 0) - 4 * MiB);
    // And it is what lives, within the limit, however much garbage is in use around it.
    expect(last?.memory.heapFloor).toBeLessThanOrEqual(64 * MiB);
    expect(last?.memory.gcMajors).toBeGreaterThan(5);
  });

  it('does not keep a process alive that has nothing left to do', async () => {
    const { code, stderr, elapsedMs } = await runScript(`
      const guard = watch({ minIntervalMs: 50 });
      setTimeout(() => {}, 300);`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(elapsedMs).toBeLessThan(10_000);
  });

  it('is one guard in a process, whoever asks, and says when options are not used', async () => {
    const { stdout, stderr } = await runScript(`
      const first = watch();
      const same = watch() === first;
      const second = watch({ maxRoutes: 5 }) === first;
      first.stop();
      const next = watch({ maxRoutes: 5 });
      next.stop();
      console.log(JSON.stringify({ same, second, next: next !== first }));`);
    expect(JSON.parse(stdout)).toEqual({ same: true, second: true, next: true });
    expect(stderr.match(/MAQUE_GUARD_RUNNING/g)).toHaveLength(1);
  });

  it('leaves no descriptor, timer or observer behind when stopped, and can still be read', async () => {
    const { stdout } = await runScript(
      `
      import { readdirSync } from 'node:fs';
      import { createServer } from 'node:http';
      const open = () => readdirSync('/proc/self/fd').length;
      const before = open();
      const guard = watch({ minIntervalMs: 50 });
      const during = open();
      let heard = 0;
      guard.onSample(() => { heard += 1; });
      guard.sample();
      guard.stop();
      guard.stop();
      const memory = guard.sample();
      const server = createServer((_, response) => response.end()).listen(0, async () => {
        await (await fetch('http://127.0.0.1:' + server.address().port)).text();
        const cost = guard.state().cost.totalMs;
        gc();
        await new Promise((resolve) => setTimeout(resolve, 300));
        server.close();
        console.log(JSON.stringify({
          left: open() - before, used: during - before, heard, total: guard.state().requests.total,
          idle: guard.state().cost.totalMs === cost,
          same: memory === guard.state().memory, text: guard.metrics().length > 0,
        }));
        process.exit();
      });`,
      '--expose-gc',
    );
    const result = JSON.parse(stdout);
    // The test's own server and client hold three sockets at most while it counts.
    expect(result).toMatchObject({ heard: 1, total: 0, idle: true, same: true, text: true });
    expect(result.used).toBeGreaterThan(0);
    expect(result.used).toBeLessThanOrEqual(6);
    expect(result.left).toBeLessThanOrEqual(3);
  });

  it('outlives listeners that fail or ask back, and refuses to collect them', async () => {
    const { stdout, stderr, code } = await runScript(`
      const guard = watch({ minIntervalMs: 50 });
      let heard = 0;
      guard.onSample(() => { throw new Error('listener broke'); });
      guard.onSample(() => { guard.sample(); });
      const off = guard.onSample(() => { heard += 1; });
      for (let call = 0; call < 5; call += 1) guard.sample();
      off();
      guard.sample();
      let refused;
      try { for (;;) guard.onSample(() => {}); } catch (error) { refused = error.name; }
      console.log(JSON.stringify({ heard, refused }));`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ heard: 5, refused: 'RangeError' });
    expect(stderr.match(/listener broke/g)).toHaveLength(1);
  });

  it('remembers each sample and accounts for its own cost', async () => {
    const { stdout } = await runScript(`
      const guard = watch({ minIntervalMs: 50, maxIntervalMs: 50 });
      const begun = performance.now();
      while (guard.history().length < 3) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (performance.now() - begun > 8000) break;
      }
      const [, second] = guard.history();
      console.log(JSON.stringify({
        fine: guard.history().length, since: guard.history('fine', second.uptimeMs).length,
        coarse: guard.history('coarse').length, cost: guard.state().cost,
      }));`);
    const { fine, since, coarse, cost } = JSON.parse(stdout);
    expect(fine).toBe(3);
    expect(since).toBe(2);
    expect(coarse).toBe(1);
    expect(cost.samples).toBeGreaterThanOrEqual(3);
    expect(cost.microsecondsPerSample).toBeGreaterThan(0);
    expect(cost.memory).toBeLessThan(MiB);
  });

  it('wakes from its sleep when requests or a major collection come', async () => {
    const { stdout } = await runScript(
      `
      const guard = watch({ minIntervalMs: 50, maxIntervalMs: 600000 });
      const until = async (fits, everyMs) => {
        const deadline = performance.now() + 5000;
        while (!fits() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, everyMs));
        return fits();
      };
      const wakesFor = async (event) => {
        // Asking is work, too: who asks all the time keeps it awake.
        const asleep = await until(() => guard.state().intervalMs >= 800, 200);
        const before = guard.state().cost.samples;
        event();
        const begun = performance.now();
        const woken = await until(() => guard.state().cost.samples > before, 10);
        return asleep && woken && performance.now() - begun < 600;
      };
      const requests = await wakesFor(() => { for (let count = 0; count < 50; count += 1) guard.meter.start(); });
      const collection = await wakesFor(() => gc());
      console.log(JSON.stringify({ requests, collection }));`,
      '--expose-gc',
    );
    expect(JSON.parse(stdout)).toEqual({ requests: true, collection: true });
  });

  it('names the option that is wrong', async () => {
    const { code, stderr } = await runScript(`watch({ maxIntervalMs: 1 });`);
    expect(code).toBe(1);
    expect(stderr).toContain('RangeError: watch: maxIntervalMs must be from 500 to 600000, not 1');
  });
});

describe('node --import @maque/guard/register', () => {
  it('watches a bare http app without a change of its code', { timeout: 30_000 }, async () => {
    const register = new URL('./integrations/register.ts', import.meta.url).href;
    const teller = new URL('../fixtures/tell-metrics.ts', import.meta.url).href;
    const app = fork(fixture('bare-http-app.cjs'), { execArgv: ['--import', register, '--import', teller] });
    try {
      const [{ port }] = await once(app, 'message');
      for (const path of ['/items/1', '/items/2', '/fails']) {
        await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
      }
      const told = await vi.waitFor(async () => {
        app.send('tell');
        const [message] = await once(app, 'message');
        expect(message.state.requests).toMatchObject({ total: 3, errors: 1, active: 0 });
        return message;
      });
      const series = parseExposition(told.metrics);
      const read = (name: string) => series.find((sample) => sample.name === name)?.value;
      expect(read('process_resident_memory_bytes')).toBe(told.state.memory.rss);
      expect(read('maque_heap_limit_bytes')).toBe(told.state.memory.heapLimit);
      expect(read('maque_http_request_duration_seconds_count')).toBe(3);
      expect(series).toContainEqual({
        name: 'maque_http_requests_total',
        labels: { route: 'GET /items/:id' },
        value: 2,
      });
    } finally {
      app.kill();
    }
  });
});
