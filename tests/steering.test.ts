import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SystemStatus } from '@maque/contract';
import type { KeeperEvent } from '@maque/keeper';
import { displayWidth } from '@maque/ops';
import { freePort } from '@maque/testkit/process/free-port';
import { spawnProcess, type TestProcess } from '@maque/testkit/process/spawn-process';
import { launcher, runMaque, statusOf } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { describe, expect, it } from 'vitest';
import { TerminalScreen } from './terminal-screen.ts';

const PROGRAM = `
  const { createServer } = require('node:http');
  const text = ('x'.repeat(99) + '\\n').repeat(600);
  createServer((request, response) => {
    if (request.url === '/print') console.log('\\x1b[32mprinted\\x1b[0m 打印');
    if (request.url === '/complain') console.error('complained');
    if (request.url === '/flood') setInterval(() => process.stdout.write(text), 1);
    if (request.url === '/die') process.exit(3);
    response.end('1');
  }).listen(Number(process.env.PORT));
`;

interface RunningProgram extends AsyncDisposable {
  readonly folder: string;
  readonly dataDir: string;
  readonly process: TestProcess;
  get(path: string): Promise<string>;
  /** Runs one command on it to its end. */
  maque(...args: string[]): Promise<{ code: number | null; out: string; error: string }>;
}

async function runProgram(...flags: string[]): Promise<RunningProgram> {
  await using undo = new AsyncDisposableStack();
  const folder = undo.use(await tempFolder()).path;
  await writeFile(join(folder, 'server.cjs'), PROGRAM);
  const port = await freePort();
  const args = ['run', '--workers', '2', '--metrics-port', '0', ...flags, 'server.cjs'];
  const child = undo.use(await runMaque(args, { cwd: folder, env: { PORT: String(port) } }));
  const dataDir = join(folder, 'data');
  await waitUntil('two workers', async () => {
    if (child.ended()) throw new Error(child.stderr());
    const { processes } = await statusOf({ dataDir }).catch(() => ({
      processes: [] as SystemStatus['processes'],
    }));
    return processes.filter(({ role, state }) => role === 'worker' && state === 'ready').length === 2;
  });
  const owned = undo.move();
  return {
    folder,
    dataDir,
    process: child,
    get: async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text(),
    async maque(...command) {
      await using ran = await runMaque([...command, '--data-dir', dataDir]);
      const { code } = await ran.exit(30_000);
      return { code, out: ran.stdout(), error: ran.stderr() };
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

describe('what workers print', () => {
  it('is in files for whoever wants it there, with who, when and why, also after the end', async () => {
    await using program = await runProgram('--output', 'files');
    await program.get('/print');
    await program.get('/complain');
    await program.get('/die').catch(() => {});
    const logs = await waitUntil('the lines', async () => {
      const { out } = await program.maque('logs');
      return out.includes('exit code 3') && out;
    });
    expect(logs).toMatch(/^\d\d-\d\d [\d:.]{12} w\d {5}printed 打印$/m);
    expect(logs).toMatch(/^\d\d-\d\d [\d:.]{12} w\d {5}complained$/m);
    expect(logs).toMatch(/^\d\d-\d\d [\d:.]{12} keeper Worker w\d is ready after/m);
    // Told once, in one place.
    expect(program.process.stdout() + program.process.stderr()).not.toMatch(/printed|complained|exit code 3/);
    expect(statSync(join(program.dataDir, 'logs', 'output.log')).mode & 0o777).toBe(0o600);

    program.process.signal('SIGTERM');
    await program.process.exit();
    const lines = (await program.maque('logs', 'keeper', '--lines', '2', '--json')).out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { who: 'keeper', kind: 'evt' },
      { who: 'keeper', kind: 'evt', text: 'All workers have ended' },
    ]);
    expect((await program.maque('events', '--lines', '1', '--lang', 'zh-CN')).out).toMatch(
      / 所有工作进程已结束\n$/,
    );
  });

  it('goes where the output of the keeper goes when somebody reads that, and the command says so', async () => {
    await using program = await runProgram();
    await program.get('/print');
    await program.process.line(/printed/);
    const { code, out, error } = await program.maque('logs');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(error).toContain(`goes to whoever started it (pid ${process.pid})`);
  });

  it.skipIf(process.platform !== 'linux')(
    'is in the journal where systemd has started it, and the command names it',
    async () => {
      await using folder = await tempFolder();
      await writeFile(join(folder.path, 'server.cjs'), PROGRAM);
      // As systemd names the socket of the journal to whatever it starts.
      const start = `JOURNAL_STREAM=$(stat -L -c %d:%i /proc/$$/fd/1) exec '${process.execPath}' '${launcher}' "$@"`;
      const args = ['run', '--workers', '1', '--metrics-port', '0', 'server.cjs'];
      const env = { ...process.env, PORT: String(await freePort()) };
      await using child = await spawnProcess('sh', ['-c', start, 'sh', ...args], { cwd: folder.path, env });
      await child.line(/Keeping server.cjs/);
      await using logs = await runMaque(['logs', '--data-dir', join(folder.path, 'data')]);
      expect(await logs.exit()).toMatchObject({ code: 1 });
      expect(logs.stderr()).toMatch(/is in the journal: journalctl (-u \S+|--user-unit \S+|_PID=\d+) -f/);
    },
  );

  it('is followed', async () => {
    await using program = await runProgram('--output', 'files');
    await using logs = await runMaque(['logs', '-f', '--data-dir', program.dataDir]);
    await logs.line(/is ready/);
    await program.get('/print');
    await logs.line(/printed 打印/);
    await using events = await runMaque(['events', '-f', '--json', '--data-dir', program.dataDir]);
    await events.line(/"WORKER_READY"/);
    await program.get('/die').catch(() => {});
    const [line] = await events.line(/.*"WORKER_EXITED".*/);
    expect(JSON.parse(line) as KeeperEvent).toMatchObject({
      data: { exit: { cause: 'EXITED', exitCode: 3 } },
    });
  });

  it('fills neither the keeper nor the disk, however much it is', async () => {
    await using program = await runProgram('--output', 'files');
    const keeper = async () => (await statusOf(program)).processes[0]?.rss ?? 0;
    const before = await keeper();
    await program.get('/flood');
    const logs = join(program.dataDir, 'logs');
    await waitUntil('several seconds of it', () =>
      /dropped here/.test(readFileSync(join(logs, 'output.log'), 'utf8')),
    );
    await waitUntil('some more', () => statSync(join(logs, 'output.log')).size > 4 * 2 ** 20, 20_000);
    expect((await keeper()) - before).toBeLessThan(24 * 2 ** 20);
    // Its other worker serves meanwhile, and so does this one.
    for (let request = 0; request < 20; request += 1) expect(await program.get('/')).toBe('1');
    expect(readdirSync(logs).length).toBeLessThanOrEqual(5);
  });
});

describe('a deploy', () => {
  it('tells how it goes, and why not', async () => {
    await using program = await runProgram();
    const good = await program.maque('deploy');
    expect(good).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Version 2 serves, in 2 of 2 workers\n$/),
    });
    await writeFile(join(program.folder, 'server.cjs'), 'throw new Error("no such luck")');
    const bad = await program.maque('deploy');
    expect(bad).toMatchObject({ code: 1, out: expect.stringMatching(/Version 3 does not live, .*\n$/) });
    expect(await program.get('/')).toBe('1');
    expect(await program.maque('deploy', '--share', '0')).toMatchObject({
      code: 1,
      error: expect.stringContaining('SHARE_INVALID'),
    });
  });
});

describe('a snapshot', () => {
  it('is written by the worker that is named, and where is said', async () => {
    await using program = await runProgram();
    const { code, out } = await program.maque('snapshot', 'w1', '--json');
    expect(code).toBe(0);
    const { path, bytes } = JSON.parse(out) as { path: string; bytes: number };
    expect(statSync(path)).toMatchObject({ size: bytes });
    expect(await program.maque('snapshot', 'w9')).toMatchObject({ code: 1 });
    expect(await program.maque('snapshot')).toMatchObject({
      code: 1,
      error: expect.stringContaining('<worker>'),
    });
  });
});

/** `maque top` in a real terminal of its own, which `script` makes. */
async function topIn(program: RunningProgram, columns: number, rows: number, lang: string) {
  const args = [launcher, 'top', '--interval', '300ms', '--lang', lang, '--data-dir', program.dataDir];
  const command = args.map((arg) => `'${arg}'`).join(' ');
  const shell = `tty; stty cols ${columns} rows ${rows}; stty -g; '${process.execPath}' ${command}; echo code $?; stty -g`;
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  const child = spawn('script', ['-qfec', shell, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const screen = new TerminalScreen();
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    screen.write(text);
  });
  const closed = once(child, 'close');
  return {
    screen,
    written: () => written,
    press: (keys: string) => void child.stdin.write(keys),
    resize: (to: { columns: number; rows: number }) => {
      const tty = /\/dev\/\S+/.exec(written)?.[0] ?? '';
      return promisify(execFile)('stty', ['-F', tty, 'cols', String(to.columns), 'rows', String(to.rows)]);
    },
    async shows(pattern: RegExp) {
      const picture = () => screen.lines().join('\n');
      await waitUntil('', () => pattern.test(picture())).catch(() => {
        throw new Error(`${pattern} is not on the screen:\n${picture()}`);
      });
    },
    ended: () => closed,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

describe.skipIf(process.platform !== 'linux')('the live screen', () => {
  it('shows every process, replaces one after a yes, and leaves the terminal as it was', async () => {
    await using program = await runProgram();
    await using top = await topIn(program, 80, 24, 'en');
    await top.shows(/^>w1 +ready +\[[#-]{5}\] +\d+ \/ \d+ MiB .*\n w2 +ready/m);
    expect(top.screen).toMatchObject({ isAlternate: true, isCursorHidden: true });
    expect(top.screen.lines()).toHaveLength(24);
    top.press('\x1b[B');
    await top.shows(/^>w2/m);
    top.press('r');
    await top.shows(/Replace w2, without losing a request\? y\/n$/);
    top.press('y');
    await top.shows(/Worker w2 is replaced/);
    await top.resize({ columns: 50, rows: 10 });
    await waitUntil('the smaller picture', () => top.screen.lines().length === 10);
    for (const line of top.screen.lines()) expect(displayWidth(line)).toBeLessThanOrEqual(50);
    top.press('q');
    await top.ended();
    expect(top.screen).toMatchObject({ isAlternate: false, isCursorHidden: false });
    expect(top.written()).toContain('code 0');
    const [before, after] = top.written().match(/^[\da-f]+(:[\da-f]+){10,}/gm) ?? [];
    expect(after).toBe(before);
  });

  it('speaks Chinese in straight columns, and tells when the keeper has gone', async () => {
    await using program = await runProgram();
    await using top = await topIn(program, 80, 24, 'zh-CN');
    await top.shows(/^>w1 +就绪/m);
    const [title = '', ...rows] = top.screen.lines().slice(4, 8);
    const endOf = (line: string, part: RegExp) => displayWidth(line.slice(0, part.exec(line)?.index ?? 0));
    for (const row of rows) expect(endOf(row, /\[/)).toBe(endOf(title, /内存/));
    program.process.signal('SIGTERM');
    await top.shows(/没有正在运行的服务/);
    top.press('\x03');
    await top.ended();
    expect(top.written()).toContain('code 0');
  });

  it('is one table after the other where nobody looks at a terminal', async () => {
    await using program = await runProgram();
    await using top = await runMaque(['top', '--interval', '200ms', '--data-dir', program.dataDir]);
    await waitUntil('three tables', () => top.stdout().split('keeper  ').length > 3);
    expect(top.stdout()).toMatch(/^\d{4}-\d\d-\d\dT\S+Z\nprocess +pid +state/m);
    expect(top.stdout()).not.toContain('\x1b');
  });
});
