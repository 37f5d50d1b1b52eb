import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';

const LOG = [
  '[  785.201] MainThread invoked oom-killer: gfp_mask=0x440dc0, order=0, oom_score_adj=0',
  '[  785.202] memory: usage 262144kB, limit 262144kB, failcnt 26',
  '[  785.203] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/shop,task_memcg=/shop/w1,task=MainThread,pid=237,uid=0',
  '[  785.204] Memory cgroup out of memory: Killed process 237 (MainThread) total-vm:1647892kB, anon-rss:254132kB, file-rss:43368kB, shmem-rss:0kB, UID:0 pgtables:7192kB oom_score_adj:0',
].join('\n');

async function oom(args: readonly string[]) {
  await using child = await runMaque(['oom', ...args, '--lang', 'en']);
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

it('says which file it cannot read', async () => {
  const { code, error } = await oom(['/nowhere/kern.log']);
  expect(code).toBe(1);
  expect(error).toContain('/nowhere/kern.log');
});
