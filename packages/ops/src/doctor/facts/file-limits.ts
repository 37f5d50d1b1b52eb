import type { Host, Reading } from '../host/host.ts';

/** How many files and sockets a process may have open now: the soft limit. */
export async function openFilesLimit(host: Host, pid: number): Promise<Reading<number>> {
  const text = await host.read(`/proc/${pid}/limits`);
  if (text.kind !== 'value') return text;
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(text.value)?.[1];
  if (limit === undefined) return { kind: 'unreadable', reason: 'no line of open files' };
  return { kind: 'value', value: limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit) };
}

/** Of the packages, of OpenResty, and of the BT panel. */
const NGINX_FILES = [
  '/etc/nginx/nginx.conf',
  '/usr/local/nginx/conf/nginx.conf',
  '/usr/local/openresty/nginx/conf/nginx.conf',
  '/www/server/nginx/conf/nginx.conf',
];
/** nginx's own default. */
const DEFAULT_CONNECTIONS = 512;

/** `worker_connections` of the main file, where its block has to stand; the largest of several. */
export async function workerConnections(host: Host): Promise<number> {
  const texts = await Promise.all(NGINX_FILES.map((path) => host.read(path)));
  const told = texts.flatMap((text) => {
    if (text.kind !== 'value') return [];
    return [...text.value.matchAll(/^\s*worker_connections\s+(\d+)\s*;/gm)].map(([, number]) =>
      Number(number),
    );
  });
  return told.length === 0 ? DEFAULT_CONNECTIONS : Math.max(...told);
}
