/** Where metrics are told. */
export interface MetricsAddress {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Whether only this machine can reach it. */
  readonly isLoopback: boolean;
}

const FORM = /^(?:(?:(?<host>[\w.-]+)|\[(?<six>[\da-fA-F:]+)\])?:)?(?<port>\d{1,5})$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

/** Reads `9464`, `127.0.0.1:9464`, `localhost:9464` or `[::1]:9464`; null if it is none of them. */
export function parseMetricsAddress(text: string): MetricsAddress | null {
  const groups = FORM.exec(text.trim())?.groups;
  if (groups === undefined) return null;
  const port = Number(groups.port);
  const host = groups.six ?? groups.host ?? '127.0.0.1';
  // Asked of URL and not of node:net, which takes 0.27 MiB of a process that has no use for it yet.
  const isAddress = groups.six === undefined || URL.canParse(`http://[${groups.six}]`);
  if (port > 65_535 || !isAddress) return null;
  return { host, port, isLoopback: LOOPBACK.test(host) };
}
