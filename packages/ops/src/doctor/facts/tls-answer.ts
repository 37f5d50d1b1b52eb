import type { Host, Reading } from '../host/host.ts';
import { type CertificateFacts, certificatesIn } from './certificates.ts';

/** What a server says to who connects with TLS. */
export interface TlsAnswer {
  /** `TLSv1.3`; null where no connection came about. */
  readonly protocol: string | null;
  /** Why not, in OpenSSL's words. */
  readonly error: string;
  /** 0 is trusted by this machine. */
  readonly verifyCode: number;
  readonly verifyText: string;
  readonly certificate: Reading<CertificateFacts>;
}

const MOST_ERROR = 160;

export function tlsArguments(
  where: string,
  name: string | null,
  ...flags: readonly string[]
): readonly string[] {
  const wanted = name === null ? [] : ['-servername', name];
  return ['s_client', '-showcerts', '-connect', where, ...wanted, ...flags];
}

/** Asks with the `openssl` of the box; absent where there is none. */
export async function askTls(
  host: Host,
  where: string,
  name: string | null,
  ...flags: readonly string[]
): Promise<Reading<TlsAnswer>> {
  const output = await host.run('openssl', tlsArguments(where, name, ...flags), { input: '' });
  if (output.kind !== 'value') return output;
  const { stdout, stderr } = output.value;
  const protocol = /^New, (\S+), Cipher is (?!\(NONE\))/m.exec(stdout)?.[1] ?? null;
  const [, code = '-1', text = ''] = /Verify return code: (\d+) \(([^)]*)\)/.exec(stdout) ?? [];
  return {
    kind: 'value',
    value: {
      // 1.0.2 of CentOS 7 names the cipher's version there, and the connection's below.
      protocol: protocol === null ? null : (/^\s+Protocol\s*: (\S+)/m.exec(stdout)?.[1] ?? protocol),
      error: errorIn(stderr),
      verifyCode: Number(code),
      verifyText: text,
      certificate: certificatesIn(stdout),
    },
  };
}

/** `4067B5…:error:0A000458:SSL routines:ssl3_read_bytes:tlsv1 unrecognized name:../ssl/…` */
function errorIn(stderr: string): string {
  const line = stderr.split('\n').find((one) => one.includes(':error:')) ?? stderr.split('\n')[0] ?? '';
  const parts = line.split(':error:')[1]?.split(':');
  return (parts === undefined ? line : parts.slice(3, 4).join(':')).slice(0, MOST_ERROR);
}
