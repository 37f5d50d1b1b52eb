import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RenderedFile } from '../src/render/rendered-file.ts';

const UNITS = '/etc/systemd/system/';
const UNIT = /\.(service|timer|slice|swap|socket)$/;
/** Programs of the server that need not be on the machine that tests. */
const ABSENT_PROGRAM = /^(ExecStart=-?)(\/usr\/local\/s?bin\/|\/sbin\/zramctl|\/usr\/bin\/node )\S*/gm;

/** Writes the units of a rendered tree into one folder; those that they only add to stand in for the distribution's. */
export function writeUnits(folder: string, files: readonly RenderedFile[]): readonly string[] {
  const units = files.filter(({ path }) => path.startsWith(UNITS));
  const written = new Set<string>();
  for (const { path, content } of units) {
    const name = path.slice(UNITS.length);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content.replace(ABSENT_PROGRAM, '$1/bin/true '));
    if (UNIT.test(name)) written.add(name);
  }
  for (const { path } of units) {
    const [owner = ''] = path.slice(UNITS.length).split('.d/');
    const instance = owner.replace(/@[^.]+/, '@');
    if (written.has(owner) || written.has(instance)) continue;
    written.add(owner);
    writeFileSync(join(folder, owner), STAND_INS[owner.split('.').at(-1) ?? ''] ?? '');
  }
  const instances = units.flatMap(({ path }) => /\/([^/]+@[^/.]+\.service)\.d\//.exec(path)?.[1] ?? []);
  const all = [...written, ...instances].filter((name) => !name.includes('@.'));
  return [...new Set(all)].map((name) => join(folder, basename(name)));
}

const STAND_INS: Readonly<Record<string, string>> = {
  service: '[Service]\nExecStart=/bin/true\n',
  timer: '[Timer]\nOnBootSec=1h\nUnit=multi-user.target\n',
};

/** All that systemd has to say of units; it ends with 0 for keys that it does not know, too. */
export function verifyUnits(folder: string, units: readonly string[]): string {
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:/lib/systemd/system`, LC_ALL: 'C' },
  });
  return stdout + stderr;
}

/** The exposure that systemd finds in a service, from 0 (fine) to 10. */
export function exposureOf(unit: string): number {
  const args = ['security', '--offline=true', '--no-pager', unit];
  const { stdout } = spawnSync('systemd-analyze', args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN);
}
