import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import type { Target } from '../load/connection.ts';
import { aptInstall, findProgram } from './debian-program.ts';
import { ServiceProcess } from './service-process.ts';
import type { StackContext } from './stack.ts';
import { waitUntil } from './wait-until.ts';

export function missingNginx(): readonly string[] {
  return findProgram('nginx') === undefined ? [aptInstall('nginx')] : [];
}

/**
 * Starts nginx before a service. A request that may be repeated (GET, HEAD, PUT, DELETE …) is, when its connection
 * breaks before the answer began. The service stands in the list three times, since nginx repeats a request on another
 * server of its list only, and two connections that it keeps may lead to one dead worker; it is never struck off
 * (`max_fails=0`), because behind its one address there is always somebody.
 */
export async function startNginx(context: StackContext, { host, port }: Target): Promise<Target> {
  const target = { host: '127.0.0.1', port: await freePort() };
  const folder = join(context.folder, 'nginx');
  mkdirSync(folder);
  const file = join(folder, 'nginx.conf');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join('\n  ');
  writeFileSync(
    file,
    `daemon off;
pid ${join(folder, 'nginx.pid')};
error_log ${join(folder, 'error.log')} warn;
worker_processes 1;
events { worker_connections 1024; }
http {
  ${paths}
  access_log off;
  upstream service {
    server ${host}:${port} max_fails=0;
    server ${host}:${port} max_fails=0;
    server ${host}:${port} max_fails=0;
    keepalive 32;
    keepalive_timeout 4s;
  }
  server {
    listen ${target.host}:${target.port};
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_next_upstream error timeout;
      proxy_next_upstream_tries 3;
      proxy_connect_timeout 2s;
      proxy_read_timeout 30s;
    }
  }
}
`,
  );
  const nginx = await ServiceProcess.start(context, {
    name: 'nginx',
    command: findProgram('nginx') ?? 'nginx',
    args: ['-p', folder, '-c', file, '-e', join(folder, 'error.log')],
  });
  const answers = async (): Promise<boolean> => {
    nginx.assertRunning();
    return await fetch(`http://${target.host}:${target.port}/`).then(
      () => true,
      () => false,
    );
  };
  await waitUntil(answers, { what: 'nginx', timeoutMs: 10_000, everyMs: 50 });
  return target;
}
