import { errcodeRows, type FailureRow, tokenEndpointRows, unknownErrcodeRow } from './errcode-table.ts';

const TOKEN_PATHS: ReadonlySet<string> = new Set(['/cgi-bin/stable_token', '/cgi-bin/token']);

/** What an errcode means where it came from. The only place that tells errcodes apart. */
export function classify(errcode: number, path: string): FailureRow {
  const atTokenEndpoint = TOKEN_PATHS.has(path) ? tokenEndpointRows[errcode] : undefined;
  return atTokenEndpoint ?? errcodeRows[errcode] ?? unknownErrcodeRow;
}
