import type { Host } from '../host/host.ts';
import { isPathLike } from './paths-like.ts';

/** Somebody who keeps some logs from growing for ever. */
export interface LogRotation {
  readonly patterns: readonly string[];
  /** Where that is written: `/etc/logrotate.d/nginx`. */
  readonly file: string;
}

const MAIN = '/etc/logrotate.conf';
const FOLDER = '/etc/logrotate.d';
/** What a rotated file has more than a log: `.1`, `.2.gz`, `-20260501`. */
const ROTATED = /([.-]\d{1,3}|[.-]\d{4}-?\d\d-?\d\d[\d-]*)?(\.(gz|xz|zst|bz2))?$/;
/** Names that loggers give who begin a new file themselves: `app-2026-05-01.log`, `worker.3.log`. */
const SELF_ROTATED = /[.-]\d{4}-?\d\d-?\d\d[^/]*\.(log|out|err)$|\.\d+\.(log|out|err)$/;

/** Rules of logrotate, and PM2's module of that name. */
export async function readLogRotations(host: Host): Promise<readonly LogRotation[]> {
  const names = await host.list(FOLDER);
  const files = [MAIN, ...(names.kind === 'value' ? names.value.map((name) => `${FOLDER}/${name}`) : [])];
  const rules = await Promise.all(
    files.map(async (file) => {
      const text = await host.read(file);
      return { file, patterns: text.kind === 'value' ? patternsIn(text.value) : [] };
    }),
  );
  return [...rules.filter(({ patterns }) => patterns.length > 0), ...(await pm2Rotations(host))];
}

/** Who rotates a log, or what was one; undefined where nobody does. */
export function rotationOf(path: string, rotations: readonly LogRotation[]): LogRotation | undefined {
  const live = path.replace(ROTATED, '');
  return rotations.find(({ patterns }) =>
    patterns.some((pattern) => isPathLike(path, pattern) || isPathLike(live, pattern)),
  );
}

/** Whether its writer, by the look of its name, begins a new file from time to time. */
export function rotatesItself(path: string): boolean {
  return SELF_ROTATED.test(path);
}

/** What stands before each `{`: paths, in quotes where they have spaces. */
function patternsIn(text: string): readonly string[] {
  const plain = text.replace(/^\s*#.*$/gm, '');
  return [...plain.matchAll(/(?:^|\})([^{}]*)\{/g)].flatMap(([, head = '']) =>
    [...head.matchAll(/"([^"]+)"|'([^']+)'|(\/\S+)/g)].map(([, one, two, bare]) => one ?? two ?? bare ?? ''),
  );
}

async function pm2Rotations(host: Host): Promise<readonly LogRotation[]> {
  const homes = await host.list('/home');
  const all = ['/root', ...(homes.kind === 'value' ? homes.value.map((name) => `/home/${name}`) : [])];
  const found = await Promise.all(
    all.map(async (home) => {
      const module = `${home}/.pm2/modules/pm2-logrotate`;
      const there = await host.stat(module);
      return there.kind === 'value' ? [{ patterns: [`${home}/.pm2/logs/*`], file: module }] : [];
    }),
  );
  return found.flat();
}
