import type { Host, Reading } from '../host/host.ts';
import { askDatabase, type DatabaseAnswer } from './database-answer.ts';
import {
  configuredSettings,
  type DatabaseFlavor,
  type DatabaseSetting,
  defaultSetting,
  type SettingName,
} from './database-settings.ts';
import { type OptionFiles, readOptionFiles } from './option-files.ts';
import { pathsLike } from './paths-like.ts';
import type { ProcessFacts } from './processes.ts';
import { programName } from './program.ts';
import { askVersion, pathSeenBy } from './program-version.ts';
import type { ServiceFacts } from './services.ts';

/** A MariaDB or MySQL that runs here. */
export interface DatabaseServer {
  readonly name: string;
  readonly process: ProcessFacts;
  readonly service: ServiceFacts;
  readonly flavor: DatabaseFlavor;
  /** Undefined where neither it nor its program tells. */
  readonly version: string | undefined;
  /** What it said itself; unreadable where its socket lets root not in without a password. */
  readonly answer: Reading<DatabaseAnswer>;
  readonly files: OptionFiles;
  /** Undefined where it may stand in a file that cannot be read. */
  setting(name: SettingName): DatabaseSetting | undefined;
}

const PROGRAMS = /^(mysqld|mariadbd)(-debug)?$/;
/** Debian and Ubuntu; CentOS, TencentOS and Alibaba Cloud Linux, and BT panel; built by hand. */
const FILES = ['/etc/my.cnf', '/etc/mysql/my.cnf', '/usr/local/mysql/my.cnf', '/usr/local/mysql/etc/my.cnf'];
/** What 1Panel mounts into its containers. */
const PANEL_FILES = ['/opt/1panel/apps/mysql/*/conf/my.cnf', '/opt/1panel/apps/mariadb/*/conf/my.cnf'];
const SOCKETS = [
  '/run/mysqld/mysqld.sock',
  '/var/run/mysqld/mysqld.sock',
  '/var/lib/mysql/mysql.sock',
  '/tmp/mysql.sock',
];

/** Absent where none runs. */
export async function readDatabaseServers(
  host: Host,
  services: readonly ServiceFacts[],
): Promise<Reading<readonly DatabaseServer[]>> {
  const found = services.flatMap((service) =>
    service.processes
      .filter((process) => PROGRAMS.test(programName(process)))
      .map((process) => ({ process, service })),
  );
  if (found.length === 0) return { kind: 'absent' };
  const isAlone = found.filter(({ service }) => service.container === null).length === 1;
  const value = await Promise.all(
    found.map(({ process, service }) => readServer(host, process, service, isAlone)),
  );
  return { kind: 'value', value };
}

async function readServer(
  host: Host,
  process: ProcessFacts,
  service: ServiceFacts,
  isAlone: boolean,
): Promise<DatabaseServer> {
  const [files, told] = await Promise.all([readFiles(host, process, service), readVersion(host, process)]);
  const guessed = flavorOf(process, told);
  const configured = configuredSettings(process.commandLine.slice(1), files, guessed, told);
  const answer = await askDatabase(
    host,
    socketsOf(process, configured.get('socket')?.value, service, isAlone),
  );
  const asked = answer.kind === 'value' ? answer.value.settings : new Map<string, string>();
  const version = asked.get('version') ?? told;
  const flavor = flavorOf(process, version);
  return {
    name: service.name,
    process,
    service,
    flavor,
    version,
    answer,
    files,
    setting(name) {
      const value = asked.get(name);
      if (value !== undefined) return { value, from: 'the server' };
      const known = configured.get(name);
      if (known !== undefined && (files.refused.length === 0 || known.from === 'its command line'))
        return known;
      const usual = defaultSetting(flavor, version, name);
      return files.refused.length > 0 || usual === undefined ? undefined : { value: usual, from: 'default' };
    },
  };
}

async function readFiles(host: Host, process: ProcessFacts, service: ServiceFacts): Promise<OptionFiles> {
  const word = (name: string) =>
    process.commandLine.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
  const root = pathSeenBy(process, '');
  if (process.commandLine.includes('--no-defaults')) return { lines: [], paths: [], refused: [] };
  const only = word('defaults-file');
  const extra = word('defaults-extra-file');
  const paths = only !== undefined ? [only] : [...FILES, ...(extra === undefined ? [] : [extra])];
  const files = await readOptionFiles(host, paths, root);
  if (service.container === null || files.paths.length > 0 || files.refused.length === 0) return files;
  const mounted = (await Promise.all(PANEL_FILES.map((pattern) => pathsLike(host, pattern)))).flat();
  const panel = await readOptionFiles(host, mounted);
  return panel.paths.length > 0 ? panel : files;
}

/** `10.11.19-MariaDB-0+deb12u1`, `8.0.36`; of an image from its environment. */
async function readVersion(host: Host, process: ProcessFacts): Promise<string | undefined> {
  const image = process.environment?.get('MARIADB_VERSION') ?? process.environment?.get('MYSQL_VERSION');
  if (image !== undefined) return image.replace(/^\d+:/, '');
  const told = await askVersion(host, process);
  return told.kind === 'value' ? /Ver ([^\s,]+)/.exec(told.value)?.[1] : undefined;
}

function flavorOf(process: ProcessFacts, version: string | undefined): DatabaseFlavor {
  const isMaria =
    programName(process).startsWith('mariadbd') ||
    /maria/i.test(version ?? '') ||
    process.environment?.has('MARIADB_VERSION') === true;
  return isMaria ? 'mariadb' : 'mysql';
}

/** The one that it was told; of those that are usual only where no other server may own it. */
function socketsOf(
  process: ProcessFacts,
  told: string | undefined,
  service: ServiceFacts,
  isAlone: boolean,
): readonly string[] {
  const usual = isAlone || service.container !== null ? SOCKETS : [];
  const paths = told === undefined || !told.startsWith('/') ? usual : [told];
  return paths.map((path) => pathSeenBy(process, path));
}
