// What each run-time dependency costs an idle process when it is bundled as we ship it: private memory and load time.
// Prints the figures that docs/reference/dependencies.md states. Medians of seven runs; the empty process is subtracted.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { pinnedNode, root } from './pinned-node.mjs';

const rounds = 7;
const folder = mkdtempSync(join(tmpdir(), 'maque-dependencies-'));
const probe = join(folder, 'probe.mjs');
writeFileSync(
  probe,
  `import { readFileSync } from 'node:fs';
   const start = performance.now();
   if (process.argv[2] !== undefined) await import(process.argv[2]);
   const ms = performance.now() - start;
   gc();
   const anonymous = Number(/^Anonymous:\\s+(\\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))[1]);
   console.log(JSON.stringify([anonymous / 1024, ms]));`,
);
try {
  const [emptyMib] = measure();
  process.stdout.write(`empty process: ${emptyMib.toFixed(1)} MiB private\n`);
  for (const [name, packageFolder] of dependencies()) {
    const [mib, ms] = measure(await bundled(name, packageFolder));
    process.stdout.write(`${name}: +${(mib - emptyMib).toFixed(1)} MiB, ${ms.toFixed(0)} ms\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function measure(file) {
  const runs = Array.from({ length: rounds }, () => {
    const args = ['--expose-gc', '--max-semi-space-size=4', probe, ...(file === undefined ? [] : [file])];
    return JSON.parse(spawnSync(pinnedNode(), args, { encoding: 'utf8' }).stdout);
  });
  return [0, 1].map((column) => runs.map((run) => run[column]).sort((a, b) => a - b)[Math.floor(rounds / 2)]);
}

async function bundled(name, packageFolder) {
  const entry = join(packageFolder, `.cost-of-${name.replace(/\W/g, '-')}.mjs`);
  writeFileSync(entry, `import * as all from '${name}';\nglobalThis.kept = all;\n`);
  try {
    const build = await rolldown({ input: entry, platform: 'node', logLevel: 'silent' });
    const file = join(folder, `${name.replace(/\W/g, '-')}.mjs`);
    await build.write({ file, format: 'esm', codeSplitting: false });
    return file;
  } finally {
    rmSync(entry);
  }
}

/**
 * Every package from npm that a package of ours depends on at run time; the console's run in the browser. nodemailer is
 * the guard's only where the app brings it along, and comes with the command.
 */
function* dependencies() {
  yield ['nodemailer', join(root, 'packages', 'guard')];
  for (const room of readdirSync(join(root, 'packages')).filter((name) => name !== 'console')) {
    const packageFolder = join(root, 'packages', room);
    const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (!name.startsWith('@maque/') && name !== 'maque') yield [name, packageFolder];
    }
  }
}
