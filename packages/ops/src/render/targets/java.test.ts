import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KiB, MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf, plansWith } from '../../../testing/app-plans.ts';
import { unexplainedNumbers, unusedMeanings } from '../../../testing/remarks.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { writeBelow } from '../../../testing/written-files.ts';
import type { PlannedJava } from '../../plan/box/planned-service.ts';
import { renderOptions } from '../render-options.ts';
import type { RenderedFile } from '../rendered-file.ts';
import { java } from './java.ts';

const options = renderOptions();
const spring = { kind: 'java', name: 'bills', framework: 'spring-boot' } as const;
const three = planOf(
  spring,
  { ...spring, name: 'old', framework: 'tomcat' },
  { ...spring, name: 'tiny', framework: 'plain' },
);

/** A Java that prints what it was told, or all that the JVM makes of it. */
const PRINTING_JAVA = `#!/bin/sh
flags=
while [ "$1" != -jar ]; do flags="$flags $1"; shift; done
echo "jar $2"
exec /usr/bin/java $flags -XX:+PrintFlagsFinal -version
`;

/** What the JVM says of itself when the script has started it. */
function flagsOfJvm(home: string, script: string): ReadonlyMap<string, string> {
  const printed = execFileSync(script, {
    env: { ...process.env, JAVA_HOME: home },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Map(
    [...printed.matchAll(/^\s+\w+ (\w+)\s+=\s+(\S+)/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

function sizesIn({ content }: RenderedFile): readonly number[] {
  const units: Readonly<Record<string, number>> = { m: MiB, k: KiB };
  return [
    ...content.matchAll(
      /-(?:Xmx|XX:MaxMetaspaceSize=|XX:ReservedCodeCacheSize=|XX:MaxDirectMemorySize=|Xss)(\d+)([mk])/g,
    ),
  ].map(([, amount, unit = '']) => Number(amount) * (units[unit] ?? 0));
}

it('a shell reads the scripts of 200 plans, and their parts are the budget', async () => {
  await using folder = await tempFolder();
  const samples = fc.sample(fc.tuple(plansWith('java'), renderChoices()), 200);
  const paths = samples.flatMap(([plan, choices], index) => {
    const files = java.render(plan, choices);
    const planned = plan.services.filter((service): service is PlannedJava => service.kind === 'java');
    expect(files).toHaveLength(planned.length);
    files.forEach((file, place) => {
      const [heap = 0, metaspace = 0, code = 0, direct = 0, stack = 0] = sizesIn(file);
      const { threads = 0, budgetBytes = 0 } = planned[place] ?? {};
      expect(heap + metaspace + code + direct + threads * stack).toBe(budgetBytes);
    });
    return writeBelow(join(folder.path, String(index)), files);
  });
  execFileSync('sh', ['-c', 'for file; do sh -n "$file" || exit 1; done', 'sh', ...paths]);
});

describe('a JVM that is started by the script', () => {
  it('has the limits of the plan', async () => {
    await using folder = await tempFolder();
    const home = join(folder.path, 'jdk');
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'bin', 'java'), PRINTING_JAVA);
    chmodSync(join(home, 'bin', 'java'), 0o755);
    const plan = planOf(spring);
    const [script = ''] = writeBelow(folder.path, java.render(plan, options));
    const flags = flagsOfJvm(home, script);
    const [planned] = plan.services as readonly PlannedJava[];
    expect({
      heap: Number(flags.get('MaxHeapSize')) / MiB,
      metaspace: Number(flags.get('MaxMetaspaceSize')) / MiB,
      code: Number(flags.get('ReservedCodeCacheSize')) / MiB,
      direct: Number(flags.get('MaxDirectMemorySize')) / MiB,
      stack: Number(flags.get('ThreadStackSize')),
      serial: flags.get('UseSerialGC'),
      exits: flags.get('ExitOnOutOfMemoryError'),
      dumps: flags.get('HeapDumpOnOutOfMemoryError'),
    }).toEqual({
      heap: planned?.heapMb,
      metaspace: planned?.metaspaceMb,
      code: planned?.codeCacheMb,
      direct: planned?.directMb,
      stack: planned?.threadStackKb,
      serial: 'true',
      exits: 'true',
      dumps: 'false',
    });
  });

  it('is Tomcat where it is one: its own script gets the flags', async () => {
    await using folder = await tempFolder();
    const plan = planOf({ ...spring, framework: 'tomcat' });
    const [script = ''] = writeBelow(folder.path, java.render(plan, options));
    const bin = join(folder.path, 'tomcat', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'catalina.sh'), '#!/bin/sh\necho "$@" "$CATALINA_OPTS"\n', { mode: 0o755 });
    const env = { ...process.env, CATALINA_HOME: join(folder.path, 'tomcat'), PORT: '8099' };
    const told = execFileSync(script, { env, encoding: 'utf8' });
    expect(told).toMatch(/^run {2}-Xmx\d+m .* -Dmaque\.threads=20 -Dmaque\.port=8099\n$/);
  });

  it('is told the port, the connections and the requests at once of Spring Boot, unless the environment says otherwise', () => {
    const [file] = java.render(
      planOf({ ...spring, threads: 60, poolSize: 7 }),
      renderOptions({ port: 9000 }),
    );
    expect(file?.content).toContain('SERVER_PORT:-9000}');
    expect(file?.content).toContain('SERVER_TOMCAT_THREADS_MAX:-40}');
    expect(file?.content).toContain('HIKARI_MAXIMUM_POOL_SIZE:-7}');
  });
});

it('explains each of its numbers, and has no meaning too many', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    const files = java.render(three, renderOptions({ language }));
    expect(unusedMeanings(java, files)).toEqual([]);
    expect(unexplainedNumbers(files, /catalina\.sh/)).toEqual([]);
  }
});

it('has nothing for a plan without Java', () => {
  expect(java.render(planOf({ kind: 'nginx', name: 'nginx' }), options)).toEqual([]);
});
