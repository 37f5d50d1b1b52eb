import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimulator, type Simulator } from '@maque/wechat/simulator';
import { APP_ID, SECRET } from './start-server.ts';

export const SECOND_APP_ID = 'wxfedcba9876543210';

export interface SeveralApps extends AsyncDisposable {
  readonly url: string;
  readonly first: Simulator;
  readonly second: Simulator;
}

/** WeChat with two mini-programs of one open platform account, behind one address as the real one is. */
export async function startSeveralApps(): Promise<SeveralApps> {
  const first = createSimulator({ appId: APP_ID, secret: SECRET, unionIds: true });
  const second = createSimulator({ appId: SECOND_APP_ID, secret: SECRET, unionIds: true });
  const urls = new Map([
    [APP_ID, await first.listen()],
    [SECOND_APP_ID, await second.listen()],
  ]);
  const tokens = new Map<string, string>();
  const front = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString();
      const { searchParams } = new URL(request.url ?? '/', 'http://front');
      // A call says its mini-program, or carries the token that was made for one.
      const told = searchParams.get('appid') ?? /"appid":"(\w+)"/.exec(body)?.[1];
      const appId = told ?? tokens.get(searchParams.get('access_token') ?? '') ?? APP_ID;
      const answer = await fetch(`${urls.get(appId) ?? urls.get(APP_ID)}${request.url}`, {
        method: request.method ?? 'GET',
        ...(body === '' ? {} : { body, headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      const token = /"access_token":"([^"]+)"/.exec(text)?.[1];
      if (token !== undefined) tokens.set(token, appId);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    first,
    second,
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await Promise.all([first.close(), second.close()]);
    },
  };
}
