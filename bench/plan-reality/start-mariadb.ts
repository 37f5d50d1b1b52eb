import { cpSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ServiceProcess } from '../stacks/service-process.ts';
import { waitUntil } from '../stacks/wait-until.ts';
import type { BoxContext, BoxPart } from './box-part.ts';
import { fileAt, writeMoved } from './moved-files.ts';
import { variablesOf } from './unit-command.ts';

const CONFIG = '/etc/mysql/mariadb.conf.d/99-maque.cnf';
const UNIT = /mariadb\.service\.d\/50-/;

/** MariaDB with its rendered file, on a copy of tables that were filled before. */
export async function startMariaDb(context: BoxContext, template: string): Promise<BoxPart> {
  const folder = join(context.folder, 'mariadb');
  const dataDir = join(folder, 'data');
  cpSync(template, dataDir, { recursive: true });
  const config = writeMoved(join(folder, 'maque.cnf'), fileAt(context.files, CONFIG).content, [
    ['/var/log/mysql/', `${folder}/`],
    [/^port = .*$/gm, `port = ${context.ports.mariadb}`],
  ]);
  const unit = fileAt(context.files, UNIT).content;
  const part = context.enter('mariadb', unit);
  const service = await ServiceProcess.start(
    { ...context, launcher: part.launcher },
    {
      name: 'mariadbd',
      command: context.programs.files.mariadbd,
      args: [`--defaults-file=${config}`, ...placeOf(folder, dataDir)],
      env: { ...context.programs.environment, ...variablesOf(unit) },
    },
  );
  const isUp = () => {
    service.assertRunning();
    return accepts(join(folder, 'mariadb.sock'));
  };
  await waitUntil(isUp, { what: 'MariaDB', timeoutMs: 30_000, everyMs: 50 });
  return part;
}

/** What the distribution's own unit and files say of where it lies. */
export function placeOf(folder: string, dataDir: string): readonly string[] {
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : []; // refused as root unless told
  // A server that starts removes what another left in a folder that they share; the distribution's unit has one of its own.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  return [
    `--tmpdir=${temporary}`,
    `--datadir=${dataDir}`,
    `--socket=${join(folder, 'mariadb.sock')}`,
    `--pid-file=${join(folder, 'mariadb.pid')}`,
    ...asRoot,
  ];
}

export async function accepts(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ path });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
  });
}
