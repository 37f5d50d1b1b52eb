import type { AdminLoginAnswer } from '@maque/contract';
import type { Clock } from '@maque/kit';
import { createAdminLink } from '../src/modules/admin/admin-link.ts';

export interface ConsoleAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Of the error; undefined for a good answer. */
  readonly code: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly json: any;
}

export type Call = (
  method: string,
  path: string,
  options?: {
    readonly body?: unknown;
    readonly token?: string | undefined;
    readonly headers?: Readonly<Record<string, string>>;
  },
) => Promise<ConsoleAnswer>;

/** Calls a server as any client would. */
export function callerOf(server: { readonly url: string }): Call {
  return async (method, path, { body, token, headers } = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, code: json?.error?.code, json };
  };
}

export const OWNER = { name: '店主', password: 'correct horse' };

/** Claims the console of a server and answers the first admin's token. */
export async function claimConsole(call: Call, dataDir: string, clock?: Clock): Promise<string> {
  const link = createAdminLink(dataDir, clock === undefined ? {} : { clock });
  const answer = await call('POST', '/api/admin/claim', { body: { link, ...OWNER } });
  return (answer.json as AdminLoginAnswer).token;
}

/** Has an admin invite somebody with these roles, who then enters. Answers their token. */
export async function joinStaff(
  call: Call,
  admin: string,
  roles: readonly string[],
  account: { readonly name: string; readonly password: string },
): Promise<string> {
  const invited = await call('POST', '/api/admin/staff/invitations', { token: admin, body: { roles } });
  const link = invited.json.path.split('=')[1];
  return (await call('POST', '/api/admin/claim', { body: { link, ...account } })).json.token;
}
