import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GiB, MiB } from '@maque/kit';
import type { BoxPlanJson } from '@maque/ops/plan';
import { freePort } from '@maque/testkit/process/free-port';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { launcher, runMaque, startMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { describe, expect, it } from 'vitest';
import { TerminalScreen } from './terminal-screen.ts';

async function plan(args: readonly string[], options: { cwd?: string } = {}) {
  await using child = await runMaque(['plan', ...args, '--lang', 'en'], options);
  const { code } = await child.exit(40_000);
  return { code, out: child.stdout(), error: child.stderr() };
}

async function planned(args: readonly string[], options: { cwd?: string } = {}) {
  const { code, out, error } = await plan([...args, '--json'], options);
  if (out === '') throw new Error(error);
  return { code, plan: JSON.parse(out) as BoxPlanJson };
}

const SHOP = [
  ...['--ram', '2G', '--cores', '2', '--bandwidth', '5M', '--disk', '50G'],
  ...['--with', 'nginx,mariadb,redis', '--program', 'shop', '--dau', '5000'],
];

describe('the newcomer’s question: 2 GB, 2 cores, 5 Mbit/s, a shop with 5,000 users', () => {
  it('is answered to the byte', async () => {
    const { code, plan: answer } = await planned(SHOP);
    expect(answer.fits).toBe(true);
    expect(answer.lines.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(2 * GiB);
    expect(answer.services.map(({ name }) => name)).toEqual(['maque', 'nginx', 'mariadb', 'redis']);
    for (const { name, budgetBytes, memoryMaxBytes } of answer.services) {
      const lines = answer.lines.filter(({ service }) => service === name);
      expect(lines.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(budgetBytes);
      expect(memoryMaxBytes).toBeGreaterThanOrEqual(budgetBytes);
    }
    // Our own tree is within the sum, term by term, as maque start would have it.
    const ours = answer.lines.filter(({ service }) => service === 'maque').map((line) => line.code);
    expect(ours).toEqual(expect.arrayContaining(['KEEPER', 'HEAP', 'CACHE', 'SOCKETS']));
    expect(code).toBe({ fine: 0, 'with-care': 1, 'do-not': 2 }[answer.verdict]);
    expect(answer.demand.dau).toBe(5000);
    expect(answer.upgrades).toHaveLength(3);
  });

  it('is answered in words, in both languages', async () => {
    const { out } = await plan(SHOP);
    expect(out).toMatch(/^(Fine|Works, with care|Do not) .*5,000 users a day/);
    expect(out).toMatch(/then bandwidth runs out/);
    expect(out).toMatch(/^in all +2048/m);
    expect(out).toContain('MemoryMax');
    await using child = await runMaque(['plan', ...SHOP, '--lang', 'zh-CN']);
    await child.exit();
    expect(child.stdout()).toMatch(/日活 5,000/);
  });

  it('is drawn and told in Markdown, and overwrites nobody else’s file', async () => {
    await using folder = await tempFolder();
    const cwd = folder.path;
    await writeFile(join(cwd, 'mine.svg'), 'mine');
    const refused = await plan([...SHOP, '--svg', 'mine.svg'], { cwd });
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('OUTPUT_FOREIGN') });
    expect(await readFile(join(cwd, 'mine.svg'), 'utf8')).toBe('mine');
    for (const _time of [1, 2]) {
      const { out, error } = await plan([...SHOP, '--svg', 'box.svg', '--markdown'], { cwd });
      expect(error).toContain('Drawn in box.svg');
      expect(out).toMatch(/^# .*\n/);
    }
    expect(await readFile(join(cwd, 'box.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
  });
});

it('refuses what does not fit, with the smallest thing to move out, which then fits', async () => {
  const services = ['nginx', 'mysql', 'redis:data=400M', 'java:spring-boot'];
  const box = ['--ram', '1G', '--cores', '2', '--dau', '1000'];
  const { code, plan: answer } = await planned([...box, '--with', services.join(',')]);
  expect(code).toBe(2);
  expect(answer).toMatchObject({ fits: false, verdict: 'do-not', services: [] });
  expect(answer.neededBytes).toBeGreaterThan(GiB);
  expect(answer.lines.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(answer.neededBytes);
  const out = answer.changes.find((change) => change.code === 'MOVE_OUT');
  if (out?.code !== 'MOVE_OUT') throw new Error(JSON.stringify(answer.changes));
  const rest = services.filter((service) => !service.startsWith(out.service));
  expect((await planned([...box, '--with', rest.join(',')])).plan.fits).toBe(true);
  expect((await plan([...box, '--with', services.join(',')])).out).toMatch(
    new RegExp(`move ${out.service} to another machine`),
  );
});

it('refuses a told budget that cannot hold its workers, with the sum of it and what is enough', async () => {
  const { code, out } = await plan(['--ram', '2G', '--memory', '100M', '--workers', '2']);
  expect(code).toBe(2);
  expect(out).toMatch(/maque needs \d+ MiB at the very least.* its\s+budget is 100\s+MiB/);
  const least = /ask for more: memory of maque at least (\d+) MiB/.exec(out)?.[1];
  const { plan: enough } = await planned(['--ram', '2G', '--memory', `${least}M`, '--workers', '2']);
  expect(enough.fits).toBe(true);
});

describe('a request file', () => {
  it('keeps what was told, and plans the same again', async () => {
    await using folder = await tempFolder();
    const cwd = folder.path;
    const args = [...SHOP, '--payments', '--upload-size', '500K', '--memory', '600M'];
    const first = await planned([...args, '--save', 'plan.json'], { cwd });
    const again = await planned(['--from', 'plan.json', '--save', 'plan.json'], { cwd });
    expect(again).toEqual(first);
    const more = await planned(['--from', 'plan.json', '--ram', '4G', '--workers', '1'], { cwd });
    expect(more.plan.request).toMatchObject({
      box: { memoryBytes: 4 * GiB, cores: 2, bandwidthBitsPerSecond: 5_000_000 },
      services: [{ kind: 'maque', memoryBytes: 600 * MiB, workers: 1 }, {}, {}, {}],
      load: { payments: true, uploadBytes: 500 * 1024 },
    });
    await writeFile(join(cwd, 'package.json'), '{"name":"shop"}');
    expect(await plan([...SHOP, '--save', 'package.json'], { cwd })).toMatchObject({
      code: 1,
      error: expect.stringContaining('OUTPUT_FOREIGN'),
    });
  });

  it('is told all its faults at once', async () => {
    await using folder = await tempFolder();
    const cwd = folder.path;
    const file = { box: { ram: '2G', core: 2 }, services: [{ kind: 'mariadb', pol: '1G' }], load: {} };
    await writeFile(join(cwd, 'plan.json'), JSON.stringify(file));
    const { code, error } = await plan(['--from', 'plan.json'], { cwd });
    expect(code).toBe(1);
    expect(error).toContain('plan.json');
    expect(error).toContain('services[0]: nothing has the name "pol"; did you mean pool?');
    expect(error).toContain('box: nothing has the name "core"; did you mean cores?');
    expect(error).toContain('load.program is missing');
    expect((await plan(['--from', 'none.json'], { cwd })).error).toContain('INPUT_UNREADABLE');
    const flags = await plan(['--ram', '2X', '--with', 'ngnix', '--program', 'shopp'], { cwd });
    expect(flags.error.match(/^ {2}- /gm)).toHaveLength(3);
  });
});

/** `maque plan` in a real terminal, which `script` makes, answered by somebody who types. */
async function atTerminal(args: readonly string[], cwd: string) {
  const command = [process.execPath, launcher, 'plan', ...args].map((word) => `'${word}'`).join(' ');
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  const shell = `stty cols 200 rows 200; ${command}; echo code $?`;
  const child = spawn('script', ['-qfec', shell, '/dev/null'], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const screen = new TerminalScreen();
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    screen.write(text);
  });
  const closed = once(child, 'close');
  const shows = (pattern: RegExp) =>
    waitUntil(String(pattern), () => pattern.test(written)).catch(() => {
      throw new Error(`${pattern} is not on the screen:\n${written}`);
    });
  return {
    shows,
    type: (text: string) => void child.stdin.write(text),
    async answer(question: RegExp, text: string) {
      await shows(question);
      child.stdin.write(`${text}\r`);
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

describe.skipIf(process.platform !== 'linux')('questions at a terminal', () => {
  it('are asked where nothing is told, until each has an answer', async () => {
    await using folder = await tempFolder();
    await using terminal = await atTerminal(['--lang', 'en', '--save', 'plan.json'], folder.path);
    await terminal.answer(/Memory of the box \[[\d.]+ GiB\]: /, '2X');
    await terminal.shows(/--ram: a size such as 512M or 2G, from 64 MiB to/);
    await terminal.answer(/expected[\s\S]*Memory of the box .*: /, '2G');
    await terminal.answer(/Processor cores \[\d+\]: /, '2');
    await terminal.answer(/Bandwidth .*\[unknown\]: /, '5M');
    await terminal.answer(/Free disk \[[\d.]+ \w+\]: /, '50G');
    await terminal.answer(/What runs there.*: /, 'nginx,mariadb:pool=192M');
    await terminal.answer(/Kind of mini-program .*\[shop\]: /, '');
    await terminal.answer(/Users of a day .*: /, '5000');
    await terminal.answer(/Realtime connections .*: /, '');
    await terminal.answer(/Uploads a day .*: /, '');
    await terminal.answer(/Do users pay\? .*: /, 'yes');
    await terminal.shows(/code [012]/);
    const file = JSON.parse(await readFile(join(folder.path, 'plan.json'), 'utf8'));
    expect(file).toMatchObject({
      box: { ram: '2G', cores: 2, bandwidth: '5M', disk: '50G' },
      services: [{ kind: 'maque' }, { kind: 'nginx' }, { kind: 'mariadb', pool: '192M' }],
      load: { program: 'shop', dau: 5000, payments: true },
    });
  });

  it('end with Ctrl-C, with nothing planned, and are asked in Chinese too', async () => {
    await using folder = await tempFolder();
    await using terminal = await atTerminal(['--lang', 'zh-CN'], folder.path);
    await terminal.answer(/服务器内存 \[/, '');
    await terminal.shows(/CPU 核数 \[/);
    terminal.type('\x03');
    await terminal.shows(/未作规划/);
    await terminal.shows(/code 1/);
  });

  it('are not asked where anything is told, or nobody sits there', async () => {
    await using folder = await tempFolder();
    await using terminal = await atTerminal(['--dau', '500', '--lang', 'en'], folder.path);
    await terminal.shows(/500 users a day[\s\S]*code [012]/);
    const { plan: answer } = await planned([], { cwd: folder.path });
    expect(answer.request.services.length).toBeGreaterThan(0);
  });
});

/** MariaDB, Redis and nginx with settings of their own, in a folder that goes away. */
async function startServices() {
  await using undo = new AsyncDisposableStack();
  const { path } = undo.use(await tempFolder());
  const data = join(path, 'mariadb');
  const install = ['--no-defaults', `--datadir=${data}`, '--user=root', '--skip-test-db'];
  await using made = await spawnProcess('mariadb-install-db', [
    ...install,
    '--auth-root-authentication-method=normal',
  ]);
  expect(await made.exit(30_000)).toMatchObject({ code: 0 });
  undo.use(
    await spawnProcess('mariadbd', [
      ...['--no-defaults', `--datadir=${data}`, '--user=root', '--skip-networking'],
      ...[`--socket=${join(path, 'm.sock')}`, `--pid-file=${join(path, 'm.pid')}`],
      ...['--innodb-buffer-pool-size=37M', '--max-connections=33'],
    ]),
  );
  const redisPort = await freePort();
  undo.use(
    await spawnProcess('redis-server', [
      ...['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', path, '--save', ''],
      ...['--maxmemory', '77mb', '--maxmemory-policy', 'allkeys-lru'],
    ]),
  );
  const nginxPort = await freePort();
  await mkdir(join(path, 'logs'));
  const config = join(path, 'nginx.conf');
  await writeFile(
    config,
    `daemon off; pid ${path}/n.pid; error_log ${path}/logs/error.log; worker_processes 1;
events { worker_connections 64; }
http { access_log off; server { listen 127.0.0.1:${nginxPort}; return 200 "ok"; } }`,
  );
  undo.use(await spawnProcess('nginx', ['-p', path, '-c', config]));
  await waitUntil('nginx', async () => (await fetch(`http://127.0.0.1:${nginxPort}`)).ok);
  const owned = undo.move();
  return { [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

describe.skipIf(process.platform !== 'linux')('this machine', () => {
  it('is planned with what really runs on it', async () => {
    await using _services = await startServices();
    await waitUntil('MariaDB to answer', async () => {
      const { plan: answer } = await planned(['--live', '--dau', '100', '--ram', '64G']);
      const { services } = answer.request;
      expect(services).toContainEqual(expect.objectContaining({ kind: 'nginx' }));
      expect(services).toContainEqual(
        expect.objectContaining({ kind: 'mariadb', poolBytes: 37 * MiB, connections: 33 }),
      );
      expect(services).toContainEqual(
        expect.objectContaining({ kind: 'redis', dataBytes: 70 * MiB, role: 'cache', persistent: false }),
      );
      expect(answer.request.box.diskBytes).toBeGreaterThan(0);
      return true;
    });
  });

  it('is measured under requests of its own, and planned with what they cost', async () => {
    await using shop = await startMaque({ args: ['--memory', '512M', '--workers', '2'] });
    await using folder = await tempFolder();
    const file = join(folder.path, 'plan.json');
    const place = ['--data-dir', shop.dataDir, '--save', file];
    const { plan: before } = await planned([...SHOP, ...place]);
    const { error } = await plan([
      ...['--from', file, ...place, '--load', `${shop.url}/api/products`, '--for', '3s'],
    ]);
    expect(error).toMatch(/requests in [\d.]+ s: \d+/);
    const { calibration } = JSON.parse(await readFile(file, 'utf8'));
    expect(calibration).toMatchObject({
      measuredAt: expect.any(String),
      cpuMicrosPerRequest: expect.any(Number),
      peakBytes: { maque: expect.any(String) },
    });
    // One address says nothing of what users load, nor a machine of another size of the memory of this system.
    expect(calibration.answerBytes).toBeUndefined();
    expect(calibration.osBytes).toBeUndefined();
    expect(calibration.cpuMicrosPerRequest).toBeGreaterThan(5);
    expect(calibration.cpuMicrosPerRequest).toBeLessThan(20_000);
    const { plan: after } = await planned(['--from', file, '--data-dir', shop.dataDir]);
    const codes = (one: BoxPlanJson) => one.reasons.map(({ code }) => code);
    expect(codes(before)).toContain('NOT_CALIBRATED');
    expect(codes(after)).not.toContain('NOT_CALIBRATED');
    expect(after.capacity?.cpuMicrosPerRequest).not.toBe(before.capacity?.cpuMicrosPerRequest);
  });

  it('sends no load to where it is not counted, and says when too little comes in', async () => {
    await using shop = await startMaque({ args: ['--memory', '512M', '--workers', '2'] });
    await using other = await spawnProcess(process.execPath, [
      '-e',
      'let n = 0; require("http").createServer((_, r) => { n++; r.end(); }).listen(0, "127.0.0.1", function () { console.log("port", this.address().port); }); setInterval(() => console.log("asked", n), 100)',
    ]);
    const [, port] = await other.line(/port (\d+)/);
    const place = ['--data-dir', shop.dataDir, '--for', '1s'];
    const astray = await plan([...SHOP, ...place, '--load', `http://127.0.0.1:${port}/`]);
    expect(astray.error).toContain('does not arrive at an app of this machine');
    await other.line(/asked 10$/);
    expect(other.stdout()).not.toMatch(/asked (1[1-9]|[2-9]\d)/);
    const quiet = await plan([...SHOP, ...place, '--calibrate']);
    expect(quiet.error).toContain('too few requests');
    expect((await plan([...SHOP, '--load', 'ftp://x'])).error).toContain('URL_INVALID');
  });
});
