/** Programs for which there is something particular to change. */
export type ProgramKind = 'node' | 'java' | 'mysql' | 'redis' | 'python' | 'php' | 'other';

const KINDS: readonly (readonly [ProgramKind, RegExp])[] = [
  // Node 24 and later call their first thread so, and threads are what the kernel names; workers are `node:…`.
  ['node', /^(node|nodejs|MainThread|PM2|npm|yarn|pnpm)\b|^node[ :/]/],
  ['java', /^(java|jsvc)$/],
  ['mysql', /^(mysqld|mariadbd|mysqld_safe)$/],
  ['redis', /^redis-server|^valkey-server/],
  ['python', /^(python|gunicorn|uvicorn|uwsgi|celery)/],
  ['php', /^(php-fpm|php|php-cgi)/],
];

export function programKind(name: string | null): ProgramKind {
  return KINDS.find(([, pattern]) => pattern.test(name ?? ''))?.[0] ?? 'other';
}
