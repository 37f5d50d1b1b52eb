import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RenderedFile } from '../src/render/rendered-file.ts';

/** Where the ports 80 and 443 of rendered files go. */
export interface NginxPorts {
  readonly http: number;
  readonly https: number;
}

/** For a mere look at the files: nginx does not mind ports that are taken. */
const ANY_PORTS: NginxPorts = { http: 20_080, https: 20_443 };

/**
 * Writes rendered files of nginx into a folder, in which everything that they name lies as well: they need neither
 * root nor the box that they are for. Answers where the main file is.
 */
export function writeNginx(files: readonly RenderedFile[], folder: string, ports = ANY_PORTS): string {
  for (const name of ['conf.d', 'log', 'lib', 'temp']) mkdirSync(join(folder, name), { recursive: true });
  // As root, its workers are somebody else.
  chmodSync(folder, 0o755);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `    ${name}_temp_path ${folder}/temp/${name};\n`)
    .join('');
  for (const { path, content } of files.filter((file) => file.path.startsWith('/etc/nginx/'))) {
    const moved = content
      .replaceAll('/etc/nginx/conf.d', `${folder}/conf.d`)
      .replaceAll('/var/log/nginx', `${folder}/log`)
      .replaceAll('/var/lib/nginx', `${folder}/lib`)
      .replaceAll('/var/www/acme', `${folder}/acme`)
      .replaceAll('/run/nginx.pid', `${folder}/nginx.pid`)
      .replaceAll(/^( *listen )\[::\]:/gm, '$1127.0.0.2:')
      .replaceAll(/^( *listen )(?=\d+[ ;])/gm, '$1127.0.0.1:')
      .replaceAll(/^( *listen \S+:)80\b/gm, `$1${ports.http}`)
      .replaceAll(/^( *listen \S+:)443\b/gm, `$1${ports.https}`)
      .replace(/^http \{\n/m, `http {\n${temp}`);
    const target = path.replace('/etc/nginx', folder);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, moved);
  }
  return join(folder, 'nginx.conf');
}

/** A certificate signed by itself, made once for a test file. */
export function selfSigned(folder: string, domain: string): { certificate: string; certificateKey: string } {
  const [certificate, certificateKey] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')];
  const subject = ['-subj', `/CN=${domain}`, '-addext', `subjectAltName=DNS:${domain}`];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...key, ...subject, '-keyout', certificateKey, '-out', certificate],
    { stdio: 'pipe' },
  );
  return { certificate, certificateKey };
}
