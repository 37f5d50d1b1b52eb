import { resolveSettings } from '@maque/kit';
import { createSimulator, type Simulator } from '@maque/wechat/simulator';
import { serverSettings } from '../src/config/settings-table.ts';
import type { App } from '../src/define/app.ts';
import { collection, defineApp, field } from '../src/define/index.ts';
import { type RunningServer, type RunServerOptions, runServer } from '../src/main.ts';
import { createLinkHub, type TestLink } from './link-hub.ts';

export const APP_ID = 'wx0123456789abcdef';
export const SECRET = 'a-secret-of-the-simulator';

export interface TestServer extends RunningServer, AsyncDisposable {
  readonly link: TestLink;
}

export interface StartOptions {
  readonly dataDir: string;
  /** Settings by their variables, beside those that every test has. */
  readonly env?: Readonly<Record<string, string>>;
  /** WeChat's side; without it there is no login. */
  readonly simulator?: string;
  readonly link?: TestLink;
  readonly app?: App | string;
  readonly consoleDir?: string;
  readonly clock?: RunServerOptions['clock'];
}

/** The smallest app that has something of everything. */
export const smallApp = defineApp({
  collections: {
    notes: collection({
      fields: { text: field.text({ maxLength: 100 }), userId: field.caller() },
      rules: { list: 'public', read: 'public', create: 'user' },
    }),
  },
});

/** A whole server on a free port, with a real database in `dataDir`. */
export async function startServer(options: StartOptions): Promise<TestServer> {
  const { dataDir, simulator, env = {}, link = createLinkHub().link('w1'), app = smallApp } = options;
  const wechat =
    simulator === undefined
      ? {}
      : { MAQUE_WECHAT_APP_ID: APP_ID, MAQUE_WECHAT_SECRET: SECRET, MAQUE_WECHAT_BASE_URL: simulator };
  const entries = { PORT: '0', MAQUE_DATA_DIR: dataDir, ...wechat, ...env };
  const { values } = resolveSettings(serverSettings, [{ kind: 'env', label: 'test', entries }]);
  const server = await runServer({
    ...{ app, link, settings: values, version: '0.0.1' },
    ...(options.consoleDir === undefined ? {} : { consoleDir: options.consoleDir }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return { ...server, link, [Symbol.asyncDispose]: () => server.close(1_000) };
}

/** WeChat's side, listening. */
export async function startWechat(): Promise<
  AsyncDisposable & { readonly url: string; readonly simulator: Simulator }
> {
  const simulator = createSimulator({ appId: APP_ID, secret: SECRET });
  const url = await simulator.listen();
  return { url, simulator, [Symbol.asyncDispose]: () => simulator.close() };
}

/** Logs in as one of the simulator's people. */
export async function logIn(server: { readonly url: string }, code: string): Promise<string> {
  const response = await fetch(`${server.url}/api/login/wechat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}
