import { isIPv6 } from 'node:net';

/** Where a browser on this machine reaches a server that listens on `host`. */
export function serverUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}

/** Where the first admin claims the console. The token is in the fragment, which no browser sends and no log keeps. */
export function adminLinkUrl(url: string, token: string): string {
  return `${url}/_/#link=${token}`;
}
