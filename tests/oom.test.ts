import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

const LOG = [
  '[  785.201] MainThread invoked oom-killer: gfp_mask=0x440dc0, order=0, oom_score_adj=0',
  '[  785.202] memory: usage 262144kB, limit 262144kB, failcnt 26',
  '[  785.203] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/shop,task_memcg=/shop/w1,task=MainThread,pid=237,uid=0',
  '[  785.204] Memory cgroup out of memory: Killed process 237 (MainThread) total-vm:1647892kB, anon-rss:254132kB, file-rss:43368kB, shmem-rss:0kB, UID:0 pgtables:7192kB oom_score_adj:0',
].join('\n');

async function oom(args: readonly string[], language = 'en') {
  await using child = await runMaque(['oom', ...args, '--lang', language]);
  const { code } = await child.exit();
  return { code, out: child.stdout(), error: child.stderr() };
}

it('tells of each kill as data, and ends with 1', async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'kern.log');
  await writeFile(file, LOG);
  const { code, out } = await oom(['--json', file]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    kills: [
      {
        pid: 237,
        name: 'MainThread',
        anonRssKb: 254_132,
        constraint: 'CONSTRAINT_MEMCG',
        cgroup: '/shop/w1',
        limitCgroup: '/shop',
        limitKb: 262_144,
        mechanism: 'kernel-oom',
        time: null,
        uptimeSeconds: 785.204,
        culprit: null,
        findings: [{ code: 'OOM_GROUP_FULL', severity: 'critical' }],
      },
    ],
    killsLeftOut: 0,
    // Seconds since a start that nobody knows.
    timelines: [{ kill: 0, clock: 'unknown', time: null, events: [] }],
    linesRead: 4,
  });
});

it('reads several files as one, packed ones too', async () => {
  await using folder = await tempFolder();
  const [old, current] = [join(folder.path, 'kern.log.1.gz'), join(folder.path, 'kern.log')];
  await writeFile(old, gzipSync(LOG));
  await writeFile(current, 'nothing of the kind\n');
  expect((await oom([old, current])).out).toContain('1 killed for want of memory, in 5 lines');
  expect(await oom([current])).toMatchObject({ code: 0, out: expect.stringContaining('No kill') });
  expect((await oom([old, '--markdown'])).out).toContain('## [785 s]  MainThread (237)');
});

it.skipIf(!hasXz())(
  'unpacks what needs a program of the machine, and says what it cannot unpack',
  async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, 'messages-20260501.xz');
    await writeFile(file, execFileSync('xz', ['-c'], { input: LOG }));
    expect((await oom([file])).out).toContain('MainThread (237)');
    await writeFile(file, 'no xz');
    expect(await oom([file])).toMatchObject({
      code: 1,
      error: expect.stringContaining('messages-20260501.xz'),
    });
  },
);

it.each([
  ['packed, under another name', 'copy-of-kern.log', gzipSync(LOG)],
  ['named as if it were packed', 'kern.log.gz', Buffer.from(LOG)],
])('goes by what is in a file: %s', async (_what, name, content) => {
  await using folder = await tempFolder();
  const file = join(folder.path, name);
  await writeFile(file, content);
  expect(await oom([file])).toMatchObject({ code: 1, out: expect.stringContaining('MainThread (237)') });
});

it('tells what a packed file that ends too early still held, and that it does', async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'kern.log.gz');
  // Bytes that cannot be made smaller, so that what is before them is out of the packer.
  const packed = gzipSync(Buffer.concat([Buffer.from(`${LOG}\n`), randomBytes(200_000)]));
  await writeFile(file, packed.subarray(0, 150_000));
  expect(await oom([file])).toMatchObject({
    code: 1,
    out: expect.stringContaining('MainThread (237)'),
    error: expect.stringContaining('kern.log.gz ends too early'),
  });
});

it.each([
  ['en', 'not one line was read', 'it is a folder', 'what is packed in it cannot be read'],
  ['zh-CN', '一行也没有读到', '这是目录', '无法解压'],
])('says what is wrong with what it was given: %s', async (language, empty, folderWords, damaged) => {
  await using folder = await tempFolder();
  const [nothing, broken] = [join(folder.path, 'empty.log'), join(folder.path, 'broken.gz')];
  await writeFile(nothing, '');
  await writeFile(broken, Buffer.concat([gzipSync('').subarray(0, 10), randomBytes(50)]));
  expect(await oom([nothing], language)).toMatchObject({ code: 0, out: expect.stringContaining(empty) });
  expect(await oom([folder.path], language)).toMatchObject({
    code: 1,
    error: expect.stringContaining(folderWords),
  });
  expect(await oom([broken], language)).toMatchObject({ code: 1, error: expect.stringContaining(damaged) });
});

it('says which file it cannot read, and which time zone is none', async () => {
  const { code, error } = await oom(['/nowhere/kern.log']);
  expect(code).toBe(1);
  expect(error).toContain('/nowhere/kern.log');
  expect(await oom(['-', '--zone', 'CST'])).toMatchObject({ code: 1, error: expect.stringContaining('CST') });
});

describe('the time around a kill', () => {
  const AT = Date.parse('2026-11-20T03:12:07+08:00');
  const MINUTE = 60_000;
  const iso = (atMs: number) => new Date(atMs).toISOString();

  /** A box with a log, samples of the doctor, a keeper's events and an access log. */
  async function box() {
    const folder = await tempFolder();
    const path = (name: string) => join(folder.path, name);
    await mkdir(path('data'));
    await mkdir(path('state'));
    const log = [
      'Nov 20 03:02:01 shop-1 CRON[811]: (root) CMD (/srv/report.sh)',
      'Nov 20 03:12:07 shop-1 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/shop.service,task_memcg=/system.slice/shop.service,task=node,pid=812,uid=998',
      'Nov 20 03:12:07 shop-1 kernel: Memory cgroup out of memory: Killed process 812 (node) total-vm:1280000kB, anon-rss:448000kB, file-rss:12000kB, shmem-rss:0kB, UID:998 pgtables:1172kB oom_score_adj:0',
      'Nov 20 03:12:13 shop-1 systemd[1]: shop.service: Scheduled restart job, restart counter is at 1.',
    ];
    const samples = Array.from({ length: 50 }, (_, minute) => ({
      atMs: AT + (minute - 40) * MINUTE,
      memoryAvailableBytes: (60 - minute) * 10_000_000,
      services: { 'shop.service': (10 + minute) * 10_000_000 },
      logs: {},
    }));
    const event = (seq: number, atMs: number, code: string, data: object) => ({
      seq,
      at: iso(atMs),
      code,
      data,
    });
    const events = [
      event(1, AT - 600 * MINUTE, 'KEEPER_STARTED', { pid: 1, workers: 2, script: 'server.js' }),
      event(2, AT - 10 * MINUTE, 'DEPLOY_DONE', { version: '7', workers: 2, of: 2 }),
    ];
    const answers = Array.from({ length: 60 }, (_, minute) => minute).flatMap((minute) =>
      [0, 1, 2].map(
        (second) =>
          `1.2.3.4 - - [${accessTime(AT + (minute - 30) * MINUTE + second * 1_000)}] "GET /api HTTP/1.1" ${minute === 31 ? 502 : 200} 9 "-" "x"`,
      ),
    );
    await writeFile(path('kern.log'), `${log.join('\n')}\n`);
    await writeFile(path('state/samples.jsonl'), jsonLines(samples));
    await writeFile(path('data/events.jsonl'), jsonLines(events));
    await writeFile(path('access.log'), `${answers.join('\n')}\n`);
    const told = ['--data-dir', path('data'), '--access-log', path('access.log'), '--state', path('state')];
    return {
      log: path('kern.log'),
      args: [path('kern.log'), ...told, '--zone', '+08:00'],
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  }

  it('is told as data that the published schema describes', async () => {
    await using place = await box();
    const data = JSON.parse((await oom([...place.args, '--json', '--around', '20m'])).out);
    const schema = JSON.parse(
      await readFile(new URL('../docs/reference/oom.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
    const [timeline] = data.timelines;
    expect(timeline).toMatchObject({
      clock: 'zone-assumed',
      time: '2026-11-20T03:12:07+08:00',
      from: '2026-11-20T02:52:07+08:00',
      to: '2026-11-20T03:22:07+08:00',
      memory: [{ name: 'shop.service' }],
      eventsLeftOut: 0,
      missing: [],
    });
    expect(
      timeline.events.map(({ kind, message }: { kind: string; message: string }) => [kind, message]),
    ).toEqual([
      ['cron', 'cron: (root) CMD (/srv/report.sh)'],
      ['deploy', 'Version 7 serves, in 2 of 2 workers'],
      ['kill', 'killed: node (812)'],
      ['unit', 'restarted: shop.service'],
    ]);
    expect(timeline.memory[0].points).toHaveLength(30);
    expect(timeline.traffic).toContainEqual({ time: '2026-11-20T03:13:00+08:00', requests: 3, failed: 3 });
  });

  it('is shown as a picture in both languages, and in Markdown', async () => {
    await using place = await box();
    const { out } = await oom(place.args);
    expect(out).toMatch(/memory of shop\.service .*\n +[▁-█·]{60}\n/);
    expect(out).toMatch(/requests a minute {2}≤ 3\n +[▁-█ ]{1,60}\n/);
    expect(out).toContain('✗ 03:12:07  killed: node (812)');
    const chinese = (await oom([...place.args, '--markdown'], 'zh-CN')).out;
    expect(chinese).toMatch(/shop\.service 的内存 .*\n +[▁-█·]{60}\n/);
    expect(chinese).toContain('✗ 03:12:07  被杀：node (812)');
  });

  it('tells of another machine only what belongs to it', async () => {
    await using place = await box();
    const { out } = await oom([place.log]);
    expect(out).toContain('the log may be of another machine');
    expect(out).toContain('killed: node (812)');
    expect(out).not.toContain('memory of');
  });
});

function jsonLines(all: readonly object[]): string {
  return all.map((one) => `${JSON.stringify(one)}\n`).join('');
}

/** `20/Nov/2026:03:12:07 +0800`. */
function accessTime(atMs: number): string {
  const local = new Date(atMs + 8 * 3_600_000).toISOString();
  return `${local.slice(8, 10)}/Nov/${local.slice(0, 4)}:${local.slice(11, 19)} +0800`;
}

function hasXz(): boolean {
  try {
    execFileSync('xz', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
