import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createWechatClient } from './client.ts';
import type { WechatClientOptions } from './client-options.ts';
import { APP_ID, SECRET } from './with-simulator.fixture.ts';

/** A call as it came over the wire. */
interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

type Answers = Readonly<Record<string, readonly unknown[]>>;

/**
 * A server that gives tokens and, for each path, the answers of a list one after the other, the last again and again: for
 * what the simulator would never answer, and for what is sent to the byte.
 */
export async function startAnswers(answers: Answers) {
  const seen: SeenCall[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://wechat');
    const body = await text(request);
    if (url.pathname === '/cgi-bin/stable_token') {
      response.end('{"access_token":"the-token","expires_in":7200}');
      return;
    }
    const query = Object.fromEntries(url.searchParams);
    const list = answers[url.pathname] ?? [{ errcode: 40066 }];
    const turn = seen.filter((call) => call.path === url.pathname).length;
    seen.push({ method: request.method ?? '', path: url.pathname, query, body: JSON.parse(body || '{}') });
    response.end(JSON.stringify(list[Math.min(turn, list.length - 1)]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    client: (overrides: Partial<WechatClientOptions> = {}) =>
      createWechatClient({
        appId: APP_ID,
        secret: SECRET,
        baseUrl: `http://127.0.0.1:${port}`,
        sleep: async () => undefined,
        ...overrides,
      }),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
