import { isIP } from 'node:net';
import type { NginxDirective } from './nginx-syntax.ts';

export interface NginxListen {
  /** `*` for all. */
  readonly address: string;
  readonly port: number;
  readonly isTls: boolean;
  /** Only a load balancer may connect: its words come before those of TLS. */
  readonly isBehindProxy: boolean;
}

/** A `server` of nginx, with what it inherits from `http`. */
export interface NginxServer {
  readonly names: readonly string[];
  readonly listens: readonly NginxListen[];
  /** The arguments of its directive of that name, its own before the inherited ones; undefined where neither has it. */
  value(name: string): readonly string[] | undefined;
  /** All of that name: those of the server, or else those of `http`. */
  values(name: string): readonly (readonly string[])[];
  /** `/etc/nginx/conf.d/shop.conf:3`. */
  readonly at: string;
}

/** Names that no certificate and no mini-program can use: `_`, `localhost`, addresses, patterns. */
export function isDomain(name: string): boolean {
  const isPattern = name.startsWith('~') || name.includes('$');
  return /^[^.\s]+(\.[^.\s]+)+$/.test(name) && !isPattern && isIP(name) === 0 && !name.endsWith('.local');
}

/** HTTP servers; those of `stream` and `mail` pass bytes on. */
export function serversOf(directives: readonly NginxDirective[]): readonly NginxServer[] {
  return directives
    .filter(({ name }) => name === 'http')
    .flatMap(({ block }) => {
      const http = block ?? [];
      return http.filter(({ name }) => name === 'server').map((server) => serverOf(server, http));
    });
}

function serverOf({ block, file, line }: NginxDirective, http: readonly NginxDirective[]): NginxServer {
  const own = block ?? [];
  const values = (name: string) => {
    const here = own.filter((directive) => directive.name === name);
    return (here.length > 0 ? here : http.filter((directive) => directive.name === name)).map(
      ({ args }) => args,
    );
  };
  const value = (name: string) => values(name).at(-1);
  const isTls = value('ssl')?.[0] === 'on';
  // HTTP/3 comes over UDP, and no mini-program begins with it.
  const places = own.filter(({ name, args }) => name === 'listen' && !args.includes('quic'));
  const listens = places.map(({ args }) => listenOf(args, isTls));
  return {
    names: own.filter(({ name }) => name === 'server_name').flatMap(({ args }) => args),
    listens: listens.length > 0 ? listens : [{ address: '*', port: 80, isTls, isBehindProxy: false }],
    value,
    values,
    at: `${file}:${line}`,
  };
}

/** `443 ssl`, `[::]:443 ssl http2`, `127.0.0.1:8080`, `127.0.0.1`, `unix:/run/x.sock`. */
function listenOf(args: readonly string[], isTls: boolean): NginxListen {
  const [where = '', ...options] = args;
  const [, address = '', port] = /^(?:(.*?):)?(\d+)$/.exec(where) ?? [undefined, where, '80'];
  return {
    address: address === '' || address === '[::]' ? '*' : address,
    port: where.startsWith('unix:') ? 0 : Number(port),
    isTls: isTls || options.includes('ssl'),
    isBehindProxy: options.includes('proxy_protocol'),
  };
}
