import type { Host, Reading } from '../host/host.ts';
import type { ProcessFacts } from './processes.ts';
import { programName } from './program.ts';
import { containerOf } from './services.ts';

/** An nginx, or what is made of it (OpenResty, Tengine), with where its files are. */
export interface NginxPlace {
  /** `/usr/sbin/nginx`; null where only its files were found, or where it may not be seen. */
  readonly program: string | null;
  /** Who started it. */
  readonly uid: number;
  /** Its main file, as nginx itself names it. */
  readonly config: string;
  /** What relative paths of logs begin with. */
  readonly prefix: string;
  /** The first 12 digits of its container's id. */
  readonly container: string | null;
  /** Where a file that nginx names is on this host. */
  outside(path: string): Promise<string>;
}

/** Distributions, BT panel, own builds. */
const KNOWN_CONFIGS = [
  '/etc/nginx/nginx.conf',
  '/www/server/nginx/conf/nginx.conf',
  '/usr/local/openresty/nginx/conf/nginx.conf',
  '/usr/local/nginx/conf/nginx.conf',
  '/usr/local/tengine/conf/nginx.conf',
  '/opt/nginx/conf/nginx.conf',
];
const PANEL = '/opt/1panel/apps/openresty/openresty';
const PANEL_CONFIG = '/usr/local/openresty/nginx/conf/nginx.conf';
/** What 1Panel's OpenResty sees of the host: mounts of its compose files, before and since its version 1.25. */
const PANEL_MOUNTS: readonly (readonly [inside: string, ...outside: string[]])[] = [
  ['/usr/local/openresty/nginx/conf/conf.d', '/opt/1panel/www/conf.d', `${PANEL}/conf/conf.d`],
  ['/usr/local/openresty/nginx/conf/default', `${PANEL}/conf/default`, `${PANEL}/conf/conf.d`],
  ['/usr/local/openresty/nginx/conf', `${PANEL}/conf`],
  ['/usr/local/openresty/1pwaf', `${PANEL}/1pwaf`],
  ['/var/log/nginx', `${PANEL}/log`],
  ['/www', '/opt/1panel/www', `${PANEL}/www`],
];

/** Those that run; where processes cannot be seen at all (a copy of a tree), those whose files are there. */
export async function findNginx(
  host: Host,
  processes: Reading<readonly ProcessFacts[]>,
): Promise<Reading<readonly NginxPlace[]>> {
  if (processes.kind === 'unreadable') return processes;
  const running = processes.kind === 'value' && processes.value.length > 0 ? processes.value : null;
  if (running === null) return someOf(await installed(host));
  const places: NginxPlace[] = [];
  for (const master of mastersOf(running)) {
    const place = await placeOf(host, master);
    if (place === null)
      return { kind: 'unreadable', reason: `the files of container nginx (${master.pid}) need root` };
    places.push(place);
  }
  return someOf(places);
}

function someOf(places: readonly NginxPlace[]): Reading<readonly NginxPlace[]> {
  return places.length === 0 ? { kind: 'absent' } : { kind: 'value', value: places };
}

function mastersOf(processes: readonly ProcessFacts[]): readonly ProcessFacts[] {
  const all = processes.filter((process) => /^(nginx|openresty|tengine)/.test(programName(process)));
  const pids = new Set(all.map(({ pid }) => pid));
  return all.filter(({ parent }) => !pids.has(parent));
}

async function installed(host: Host): Promise<readonly NginxPlace[]> {
  const there = await existing(host, KNOWN_CONFIGS);
  if (there !== undefined) return [onThisHost(there)];
  return (await hasPanel(host)) ? [inPanel(host)] : [];
}

async function placeOf(host: Host, master: ProcessFacts): Promise<NginxPlace | null> {
  const container = containerOf(master.cgroup);
  const program = master.executable?.replace(/ \(deleted\)$/, '') ?? null;
  const told = / -c (\S+)/.exec(master.commandLine.join(' '))?.[1];
  const built = program === null ? [] : [program.replace(/\/sbin\/[^/]+$/, '/conf/nginx.conf')];
  const likely = [...(told === undefined ? [] : [told]), ...built, ...KNOWN_CONFIGS];
  if (container === null) {
    const config = (await existing(host, likely)) ?? KNOWN_CONFIGS[0] ?? '';
    return { ...onThisHost(config), program, uid: master.uid };
  }
  const root = `/proc/${master.pid}/root`;
  const inside = await existing(host, likely, root);
  if (inside !== undefined) {
    const outside = async (path: string) => `${root}${path}`;
    return { ...onThisHost(inside), program, uid: master.uid, container, outside };
  }
  return (await hasPanel(host)) ? { ...inPanel(host), container, uid: master.uid } : null;
}

function onThisHost(config: string): NginxPlace {
  const prefix = prefixOf(config);
  return { program: null, uid: 0, container: null, config, prefix, outside: async (path) => path };
}

function inPanel(host: Host): NginxPlace {
  return {
    ...onThisHost(PANEL_CONFIG),
    async outside(path) {
      const mount = PANEL_MOUNTS.find(([inside]) => path === inside || path.startsWith(`${inside}/`));
      if (mount === undefined) return path;
      const [inside, ...outside] = mount;
      const there = (await existing(host, outside)) ?? outside[0] ?? inside;
      return `${there}${path.slice(inside.length)}`;
    },
  };
}

async function hasPanel(host: Host): Promise<boolean> {
  return (await existing(host, [`${PANEL}/conf/nginx.conf`])) !== undefined;
}

async function existing(host: Host, paths: readonly string[], root = ''): Promise<string | undefined> {
  for (const path of paths) if ((await host.stat(`${root}${path}`)).kind === 'value') return path;
  return undefined;
}

/** Of `/www/server/nginx/conf/nginx.conf` what is before `conf`; else where packages have it. */
function prefixOf(config: string): string {
  return /^(.+)\/conf\/[^/]+$/.exec(config)?.[1] ?? '/usr/share/nginx';
}
