import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { KiB, MiB } from '@maque/kit';
import { type InputOptions, rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asciiOnly, oneFileOf, withoutComments } from '../../../scripts/bundle.mjs';
import { runNode } from '../fixtures/run-node.ts';

const folder = mkdtempSync(join(tmpdir(), 'maque-guard-'));
const bundle = join(folder, 'guard.mjs');

beforeAll(async () => {
  // As it is shipped: what is loaded at once in one file (as 60 modules the same code takes 2 MiB more, most of it the
  // module loader's), without a letter that is not ASCII (V8 keeps a text with one in two bytes a letter), nor comments.
  const input = fileURLToPath(new URL('./index.ts', import.meta.url));
  const source: InputOptions = { input, platform: 'node', plugins: [asciiOnly] };
  await using built = await rolldown(source);
  const codeSplitting = await oneFileOf(source);
  await built.write({ dir: folder, entryFileNames: 'guard.mjs', codeSplitting, ...withoutComments });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Growth {
  readonly privateKiB: number;
  readonly descriptors: number;
}

/** What a bare process takes more after some code has run; the least of three runs, since the rest is noise. */
async function growthOf(code: string): Promise<Growth> {
  const script = `
    import { readdirSync, readFileSync } from 'node:fs';
    const privateKiB = () => Number(/Private_Dirty:\\s+(\\d+)/.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))[1]);
    const descriptors = () => readdirSync('/proc/self/fd').length;
    await import('data:text/javascript,');
    gc(); privateKiB(); descriptors();
    gc();
    const before = { privateKiB: privateKiB(), descriptors: descriptors() };
    ${code}
    gc();
    console.log(JSON.stringify({
      privateKiB: privateKiB() - before.privateKiB, descriptors: descriptors() - before.descriptors,
    }));
    process.exit();`;
  const runs: Growth[] = [];
  for (let run = 0; run < 3; run += 1) {
    const { stdout } = await runNode(['--expose-gc', '--input-type=module', '-e', script]);
    runs.push(JSON.parse(stdout) as Growth);
  }
  return runs.reduce((least, run) => (run.privateKiB < least.privateKiB ? run : least));
}

it('costs less than 1.5 MiB to import, three to run with all it has, and a handful of descriptors', {
  timeout: 30_000,
}, async () => {
  const url = JSON.stringify(pathToFileURL(bundle));
  const nothing = await growthOf('');
  const imported = await growthOf(`await import(${url});`);
  // A confirmation makes the context that forced collections need, 0.2 MiB.
  const watching = await growthOf(
    `const { watch } = await import(${url}); const guard = watch(); await guard.confirm(); guard.metrics();`,
  );
  expect((imported.privateKiB - nothing.privateKiB) * KiB).toBeLessThan(1.5 * MiB);
  expect((watching.privateKiB - nothing.privateKiB) * KiB).toBeLessThan(3 * MiB);
  expect(watching.descriptors).toBeLessThanOrEqual(6);
});
