import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { say } from '@maque/kit';
import { rolldown } from 'rolldown';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../testing/spawn-keeper.ts';
import { captureStack } from './capture-stack.ts';
import { describeHang } from './describe-hang.ts';
import type { HangFinding } from './hang-finding.ts';
import { readThreadState } from './thread-state.ts';

const FIXTURES = join(import.meta.dirname, '../../testing/fixtures');
const APP = join(FIXTURES, 'blocking-app.mjs');
const INSPECT = ['--inspect-port=127.0.0.1:0', '--inspect-publish-uid=stderr'];

/** The line that the app marks with a name. */
function lineOf(name: string): number {
  return (
    readFileSync(APP, 'utf8')
      .split('\n')
      .findIndex((line) => line.endsWith(`// ${name}`)) + 1
  );
}

interface BlockingApp {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  readonly stderr: string[];
  /** Lets it block; the answer comes when it is over, and null when it is killed before. */
  block(path: string): Promise<string | null>;
  examine(timeoutMs?: number): Promise<HangFinding>;
}

async function startApp(
  flags: readonly string[] = INSPECT,
  env: object = {},
  script = APP,
): Promise<BlockingApp> {
  const child = spawn(process.execPath, [...flags, script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const stderr: string[] = [];
  const waiting = new Set<(url: string) => void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr.push(line);
    const url = /^Debugger listening on (\S+)/.exec(line)?.[1];
    if (url !== undefined) for (const tell of waiting) tell(url);
  });
  const port = await new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(Number(line)));
  });
  const pid = child.pid ?? 0;
  const inspectorUrl = (): Promise<string> => new Promise((resolve) => waiting.add(resolve));
  const block = (path: string): Promise<string | null> =>
    new Promise((resolve) => {
      get({ port, host: '127.0.0.1', path }, (response) => {
        response.on('data', (chunk: Buffer) => resolve(chunk.toString()));
      }).on('error', () => resolve(null));
    });
  return {
    child,
    pid,
    port,
    stderr,
    block,
    examine: (timeoutMs = 10_000) => captureStack({ pid, inspectorUrl }, { folder: FIXTURES, timeoutMs }),
  };
}

/** An app that has begun to block, as seen by the kernel. */
async function startBlocked(path: string, env: object = {}, script = APP): Promise<BlockingApp> {
  const app = await startApp(INSPECT, env, script);
  void app.block(path);
  await eventually('the app to block', () => isBlocked(app.port));
  return app;
}

/** Whether a connection is taken by the kernel, but nobody speaks. */
function isBlocked(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', path: '/', timeout: 150 }, () => resolve(false));
    request.on('timeout', () => {
      request.destroy();
      resolve(true);
    });
    request.on('error', () => resolve(true));
  });
}

function firstLine(finding: HangFinding): string {
  return say(describeHang(finding, 3_200), 'en');
}

describe('where a blocked worker hangs', () => {
  it('is named with function, line and route, and the worker goes on with its inspector closed', async () => {
    const app = await startApp();
    const answer = app.block('/spin?ms=2500&token=secret');
    await eventually('the app to block', () => isBlocked(app.port));
    const finding = await app.examine();
    expect(finding.reason).toBeNull();
    expect(finding.stack?.frames.slice(finding.stack.steady)).toMatchObject([
      { functionName: 'countTo', file: 'blocking-app.mjs', line: lineOf('countTo'), owner: 'app' },
      { functionName: 'parsePrices', line: lineOf('parsePrices'), owner: 'app' },
      { functionName: '(anonymous)', owner: 'app' },
      { functionName: 'emit', file: 'node:events', owner: 'node' },
      { owner: 'node' },
      { owner: 'node' },
    ]);
    expect(finding.stack).toMatchObject({ route: 'GET /spin', nativeMs: 0 });
    expect(firstLine(finding)).toMatch(
      /^blocked for 3\.2 s in countTo \(blocking-app\.mjs:\d+:\d+\), called by parsePrices \(blocking-app\.mjs:\d+:10\), for GET \/spin$/,
    );
    expect(await answer).toBe('ok');
    expect(await app.block('/')).toBe('ok');
    await eventually('the inspector to close', () => isInspectorClosed(app));
    expect(app.stderr.filter((line) => line.startsWith('Debugger listening'))).toHaveLength(1);
  });

  it('is the function that stays, not the small one it happens to be calling', async () => {
    const app = await startBlocked('/steps');
    const finding = await app.examine();
    expect(firstLine(finding)).toContain(`in steps (blocking-app.mjs:${lineOf('steps')}:`);
  });

  it.each(['matchName', 'waitForOther'])(
    'can be told in %s, which the inspector interrupts',
    async (name) => {
      const app = await startBlocked(name === 'matchName' ? '/regexp' : '/wait');
      const finding = await app.examine();
      expect(finding.stack?.frames[0]).toMatchObject({ functionName: name, line: lineOf(name) });
    },
  );

  it('is told in the lines that people edit, where there is a source map', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maque-map-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const source = readFileSync(APP, 'utf8');
    await using built = await rolldown({ input: APP, platform: 'node', logLevel: 'silent' });
    await built.write({ file: join(folder, 'dist/app.mjs'), minify: true, sourcemap: true });
    expect(readFileSync(join(folder, 'dist/app.mjs'), 'utf8').split('\n').length).toBeLessThan(
      source.split('\n').length / 2,
    );
    const app = await startBlocked('/spin', {}, join(folder, 'dist/app.mjs'));
    const { stack } = await app.examine();
    expect(stack?.frames[stack.steady]).toMatchObject({ file: 'blocking-app.mjs', line: lineOf('countTo') });
  });

  it('is told of a stack thousands deep by its innermost 32 functions', async () => {
    const app = await startBlocked('/deep');
    const finding = await app.examine();
    expect(finding.stack?.frames).toHaveLength(32);
    expect(firstLine(finding)).toContain(`in countTo (blocking-app.mjs:${lineOf('countTo')}:`);
    expect(firstLine(finding)).toContain('called by descend');
  });

  it('is told of promises that never let the event loop on', async () => {
    const app = await startBlocked('/promises');
    expect(firstLine(await app.examine())).toContain(`in promises (blocking-app.mjs:${lineOf('promises')}:`);
  });

  it('is not known of native code, and is not made up', async () => {
    const app = await startBlocked('/hash');
    const finding = await app.examine(600);
    expect(finding).toMatchObject({ stack: null, reason: 'native', thread: { run: 'running' } });
    expect(finding.tookMs).toBeLessThan(1_500);
    expect(firstLine(finding)).toContain('it computes in native code');
  });

  it('is told by the kernel where a system call blocks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maque-fifo-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const writer = await open(fifo, 'r+');
    const app = await startBlocked('/fifo', { FIFO: fifo });
    const finding = await app.examine(600);
    expect(finding).toMatchObject({ stack: null, reason: 'native', thread: { run: 'sleeping' } });
    expect(firstLine(finding)).toContain(`it waits in the kernel (read ${fifo})`);
    // A signal would have made the read fail.
    await writer.write('at last');
    await writer.close();
    expect(await app.block('/')).toBe('ok');
  });

  it('is told by the process that the worker waits for, and the inspector is closed when it is over', async () => {
    const app = await startApp();
    const answer = app.block('/exec?ms=2000');
    await eventually('the child', () => childrenOf(app.pid).length > 0);
    const finding = await app.examine(600);
    expect(finding).toMatchObject({ stack: null, reason: 'native' });
    expect(firstLine(finding)).toMatch(/has started .*: execSync, perhaps/);
    expect(await answer).toBe('ok');
    await eventually('the inspector to open late', () => app.stderr.join().includes('listening'));
    await eventually('the inspector to close', () => isInspectorClosed(app));
    expect(await app.block('/')).toBe('ok');
  });
});

describe('a worker that cannot be asked', () => {
  it('is stopped: it gets no signal that would open its inspector later', async () => {
    const app = await startApp();
    app.child.kill('SIGSTOP');
    await eventually('the stop', () => readThreadState(app.pid)?.thread.run === 'stopped');
    expect(await app.examine()).toMatchObject({ stack: null, reason: 'stopped' });
    app.child.kill('SIGCONT');
    expect(await app.block('/')).toBe('ok');
    expect(app.stderr).toEqual([]);
  });

  it('does not listen for the signal, and is not killed by it', async () => {
    const app = await startApp([...INSPECT, '--disable-sigusr1']);
    expect(await app.examine()).toMatchObject({ stack: null, reason: 'no-signal' });
    expect(await app.block('/')).toBe('ok');
  });

  it('takes the signal for itself', async () => {
    const app = await startApp(INSPECT, { TAKE_SIGUSR1: '1' });
    void app.block('/spin?ms=60000');
    await eventually('the app to block', () => isBlocked(app.port));
    expect(await app.examine(600)).toMatchObject({ stack: null, reason: 'native' });
  });

  it('is being debugged: its inspector stays open', async () => {
    const app = await startApp([...INSPECT, '--inspect=127.0.0.1:0']);
    expect(await app.examine()).toMatchObject({ stack: null, reason: 'inspected' });
    expect(await isInspectorClosed(app)).toBe(false);
  });

  it('is gone', async () => {
    const app = await startApp();
    app.child.kill('SIGKILL');
    await eventually('its end', () => readThreadState(app.pid)?.thread.run === 'gone');
    expect(await app.examine()).toMatchObject({ stack: null, reason: 'gone' });
  });

  it('goes on while it is asked', async () => {
    const app = await startApp();
    expect(await app.examine(3_000)).toMatchObject({ stack: null, reason: 'recovered' });
    expect(await app.block('/')).toBe('ok');
    await eventually('the inspector to close', () => isInspectorClosed(app));
  });

  it('is the third that hangs at once: two are examined', async () => {
    const apps = await Promise.all([1, 2, 3].map(() => startBlocked('/spin')));
    const findings = await Promise.all(apps.map((app) => app.examine()));
    expect(findings.map(({ reason }) => reason)).toEqual([null, null, 'busy']);
  });
});

function isInspectorClosed({ stderr }: BlockingApp): Promise<boolean> {
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(stderr.join(' '))?.[1]);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

function childrenOf(pid: number): readonly string[] {
  return readThreadState(pid)?.thread.children ?? [];
}
