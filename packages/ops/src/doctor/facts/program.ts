import type { ProcessFacts } from './processes.ts';

/** What runs on a small server. `other` is everything that nothing particular is known of. */
export type Program =
  | 'node'
  | 'java'
  | 'python'
  | 'php'
  | 'web-server'
  | 'database'
  | 'redis'
  | 'containers'
  | 'sshd'
  | 'other';

/** What answers requests, or is asked by what does. */
export const SERVER_PROGRAMS: ReadonlySet<Program> = new Set<Program>([
  'node',
  'java',
  'python',
  'php',
  'web-server',
  'database',
  'redis',
]);

const PROGRAMS: readonly (readonly [Program, RegExp])[] = [
  // Node 24 and later call their first thread `MainThread`, and PM2 names its daemon.
  ['node', /^(node|nodejs|bun|deno|MainThread|node-MainThread|PM2)\b/],
  ['java', /^(java|jsvc)$/],
  ['python', /^(python[\d.]*|gunicorn|uvicorn|uwsgi|celery)$/],
  ['php', /^(php|php-fpm[\d.]*|php-cgi)$/],
  ['web-server', /^(nginx|openresty|tengine|caddy|httpd|apache2|traefik)$/],
  ['database', /^(mysqld|mariadbd|postgres|mongod)$/],
  ['redis', /^(redis|valkey|keydb)-server$/],
  ['containers', /^(dockerd|containerd|podman)$/],
  ['sshd', /^sshd(-session)?$/],
];

/** Of packages of the distribution: firewalld, tuned, unattended-upgrades and their like are not what a server is for. */
const SYSTEM_SCRIPT = /^\/usr\/(?:bin|sbin|share|lib|libexec)\//;
const PYTHON_SERVER = /\/(?:gunicorn|uvicorn|hypercorn|daphne|uwsgi|celery|flask|supervisord)[\w.-]*$/;

/** By the program's file where it can be read: names of threads and titles of processes change. */
export function programOf(process: ProcessFacts): Program {
  const name = programName(process);
  const program = PROGRAMS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other';
  return program === 'python' && isOfSystem(process) ? 'other' : program;
}

function isOfSystem({ commandLine }: ProcessFacts): boolean {
  const script = commandLine.slice(1).find((part) => !part.startsWith('-')) ?? '';
  return SYSTEM_SCRIPT.test(script) && !PYTHON_SERVER.test(script);
}

/** `mariadbd`; a file that was replaced under it keeps its name. */
export function programName({ executable, comm, commandLine }: ProcessFacts): string {
  const path = executable ?? (comm === '' ? commandLine[0] : comm) ?? '?';
  const name = path.replace(/ \(deleted\)$/, '').replace(/^.*\//, '');
  // On Debian and Ubuntu redis-server is a link to redis-check-rdb, which is then the program's file.
  return name.replace(/^(redis|valkey|keydb)-check-(rdb|aof)$/, '$1-server');
}
