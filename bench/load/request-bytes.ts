import type { Target } from './connection.ts';

/** What is asked for; nothing but ASCII in it. */
export interface AskedFor {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/** A request as it goes over the wire. */
export function requestBytes({ host, port }: Target, { method = 'GET', path, body }: AskedFor): string {
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\n`;
  if (body === undefined) return `${head}\r\n`;
  return `${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** @param url of a server without TLS, with its port. */
export function targetAt(url: string): Target {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
