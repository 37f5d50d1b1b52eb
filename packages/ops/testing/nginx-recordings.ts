import type { Check, Outcome } from '../src/doctor/check.ts';
import { Patient } from '../src/doctor/patient.ts';
import { ISSUER_CERTIFICATE, SHOP_CERTIFICATE } from './certificates.ts';
import { type HostRecording, recordedHost } from './recorded-host.ts';
import { recordedProcesses } from './recorded-process.ts';

export const CONFIG = '/etc/nginx/nginx.conf';

export const SITE = '/etc/nginx/conf.d/shop.conf';

export const CERTIFICATE = '/etc/ssl/shop.pem';

export const MEMORY = { '/proc/meminfo': `MemTotal: ${960 * 1024} kB\nMemAvailable: ${500 * 1024} kB\n` };

export const MAIN = `user www-data;
events { worker_connections 1024; }
http {
  access_log /var/log/nginx/access.log;
  error_log /var/log/nginx/error.log;
  client_max_body_size 20m;
  include conf.d/*.conf;
}
`;

export const SHOP = `server {
  listen 443 ssl;
  server_name shop.example.com;
  ssl_certificate ${CERTIFICATE};
  location / { proxy_pass http://127.0.0.1:8080; }
}
`;

export const WORKERS = recordedProcesses([
  { pid: 80, executable: '/usr/sbin/nginx', commandLine: ['nginx: master process /usr/sbin/nginx'] },
  { pid: 81, parent: 80, executable: '/usr/sbin/nginx', commandLine: ['nginx: worker process'] },
  { pid: 82, parent: 80, executable: '/usr/sbin/nginx', commandLine: ['nginx: worker process'] },
]);

export const CHAIN = SHOP_CERTIFICATE + ISSUER_CERTIFICATE;

/** A server with nginx and one site. */
export function withSite(
  site: string,
  files: HostRecording['files'] = {},
  more: Omit<HostRecording, 'files'> = {},
): HostRecording {
  return {
    ...more,
    files: { ...WORKERS.files, ...MEMORY, [CONFIG]: MAIN, [SITE]: site, [CERTIFICATE]: CHAIN, ...files },
    links: { ...WORKERS.links, ...more.links },
    facts: { '/usr/sbin/nginx': { mode: 0o755 }, ...more.facts },
  };
}

export const noNginx: HostRecording = {
  files: { ...recordedProcesses([{ pid: 1, executable: '/sbin/init' }]).files, [CONFIG]: MAIN },
};

export async function look(check: Check, recording: HostRecording): Promise<readonly Outcome[]> {
  return check.look(new Patient(recordedHost(recording)));
}

export async function kinds(check: Check, recording: HostRecording): Promise<readonly string[]> {
  return (await look(check, recording)).map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}
