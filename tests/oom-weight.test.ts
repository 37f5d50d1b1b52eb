import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MiB } from '@maque/kit';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';

/** Reports of a service that dies each minute, as the kernel writes them: 20 MB. */
const KILLS = 2_000;
const PROCESSES = 60;
/**
 * The command alone has 52 MiB, a plain log of any length 72. Before tables of older kills were cut to their largest
 * it had 119 here, and 138 as JSON.
 */
const MOST_BYTES = 100 * MiB;

it.each([['--lang=en'], ['--json'], ['--markdown']])(
  'tells of thousands of kills within bounds: %s',
  async (form) => {
    await using folder = await tempFolder();
    const [log, weight, scales] = ['kern.log', 'weight', 'scales.cjs'].map((name) =>
      join(folder.path, name),
    ) as [string, string, string];
    await writeFile(log, Array.from({ length: KILLS }, (_, at) => reportOf(at)).join(''));
    await writeFile(
      scales,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(weight)}, String(process.resourceUsage().maxRSS)));`,
    );
    await using child = await runMaque(['oom', form, log], { env: { NODE_OPTIONS: `--require ${scales}` } });
    expect((await child.exit()).code).toBe(1);
    expect(child.stdout()).toMatch(form === '--json' ? '"killsLeftOut": 1000' : '1000 still earlier');
    const peakBytes = Number(await readFile(weight, 'utf8')) * 1_024;
    process.stdout.write(`oom ${form}: ${(peakBytes / MiB).toFixed(1)} MiB\n`);
    expect(peakBytes).toBeLessThan(MOST_BYTES);
  },
);

function reportOf(at: number): string {
  const clock = [Math.floor(at / 3_600), Math.floor(at / 60) % 60, at % 60];
  const lead = `May  1 ${clock.map((part) => String(part).padStart(2, '0')).join(':')} box kernel: [${1_000 + 60 * at}.1] `;
  const pid = 10_000 + at;
  const rows = Array.from(
    { length: PROCESSES },
    (_, index) =>
      `[${String(index + 1).padStart(7)}]     0 ${index + 1}    99999    ${1_000 + ((at * 31 + index * 977) % 50_000)}     230        4             0 program-${(at + index) % 400}`,
  );
  return [
    'node invoked oom-killer: gfp_mask=0x440dc0(GFP_KERNEL), order=0, oom_score_adj=0',
    `CPU: 1 PID: ${pid} Comm: node Not tainted 6.1.0-13-amd64 #1`,
    'memory: usage 262144kB, limit 262144kB, failcnt 26',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    ...rows,
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/shop,task_memcg=/shop/w1,task=node,pid=${pid},uid=0`,
    `Memory cgroup out of memory: Killed process ${pid} (node) total-vm:1647892kB, anon-rss:${250_000 + at}kB, file-rss:43368kB, shmem-rss:0kB, UID:0 pgtables:7192kB oom_score_adj:0`,
  ]
    .map((text) => `${lead}${text}\n`)
    .join('');
}
