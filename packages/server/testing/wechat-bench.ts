import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { createEncodingAesKey, type PushTarget, type Simulator } from '@maque/wechat/simulator';
import { collection, defineApp, field, route } from '../src/define/index.ts';
import { createAdminLink } from '../src/modules/admin/admin-link.ts';
import { logIn, startServer, startWechat, type TestServer } from './start-server.ts';

/** What the app of the bench was pushed. */
const pushes = collection({
  fields: { kind: field.text({ maxLength: 64 }), text: field.text({ maxLength: 100 }) },
  rules: { list: 'public' },
});
const orders = collection({
  fields: { thing: field.text({ maxLength: 100 }) },
  rules: { list: 'public' },
});

const message = {
  templateId: field.text({ maxLength: 64 }),
  data: field.json({ maxBytes: 2_000 }),
  page: field.text({ maxLength: 200 }).optional(),
  key: field.text({ maxLength: 100 }).optional(),
};

function messageOf(user: { readonly id: string }, body: Readonly<Record<string, unknown>>) {
  const { templateId, data, page, key } = body;
  return {
    ...{ userId: user.id, templateId: templateId as string, data: data as Record<string, string> },
    ...(page === null ? {} : { page: page as string }),
    ...(key === null ? {} : { key: key as string }),
  };
}

/** An app that does something with everything of WeChat's. */
export const wechatApp = defineApp({
  collections: { pushes, orders },
  routes: [
    route.post('/messages', { auth: 'user', body: message }, async ({ body, user, wechat }) => ({
      result: await wechat.messages.send(messageOf(user, body)),
    })),
    route.post(
      '/bought',
      { auth: 'user', body: { ...message, fails: field.bool() } },
      ({ body, user, db, wechat }) =>
        db.transaction(async (tx) => {
          await tx.create(orders, { thing: 'tea' });
          const result = await wechat.messages.send(messageOf(user, body), tx);
          if (body.fails) throw new Error('changed my mind');
          return { result };
        }),
    ),
    route.post(
      '/check',
      { auth: 'user', body: { text: field.text({ maxLength: 2_000 }) } },
      ({ body, user, wechat }) => wechat.checkText(user.id, { content: body.text, scene: 'comment' }),
    ),
    route.post(
      '/check-media',
      { auth: 'user', body: { url: field.text({ maxLength: 500 }) } },
      ({ body, user, wechat }) =>
        wechat.checkMedia(user.id, { url: body.url, kind: 'image', scene: 'forum' }),
    ),
    route.get('/link', { auth: 'public' }, async ({ wechat }) => ({
      url: await wechat.urlLink({ path: 'pages/home' }),
    })),
    route.get('/code', { auth: 'public' }, async ({ wechat }) => {
      const { contentType, bytes } = await wechat.qrCode({ scene: 'a=1' });
      return { contentType, size: bytes.byteLength };
    }),
    route.get('/templates', { auth: 'public' }, ({ wechat }) =>
      wechat.callApi('/wxaapi/newtmpl/gettemplate'),
    ),
  ],
  wechat: {
    async onPush({ event, msgType, fields }, { db }) {
      const text = String(fields.Content ?? fields.trace_id ?? '');
      if (text === 'fail once' && (await db.list(pushes, { where: { text } })).length === 0) {
        await db.create(pushes, { kind: 'failed', text });
        throw new Error('not yet');
      }
      await db.create(pushes, { kind: event === '' ? msgType : event, text });
    },
  },
});

export const PUSH_TOKEN = 'PushToken2026';
export const PUSH_AES_KEY = createEncodingAesKey();

interface BenchAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly json: any;
}

export interface WechatBench extends AsyncDisposable {
  readonly server: TestServer;
  readonly simulator: Simulator;
  readonly dataDir: string;
  /** Calls a route as the user of that name, who logs in first. */
  call(path: string, body?: unknown, user?: string): Promise<BenchAnswer>;
  /** The same as the admin. */
  callAsAdmin(path: string, body?: unknown): Promise<BenchAnswer>;
  /** As what kinds the app was pushed a text, when it was so often. */
  pushed(text: string, times?: number): Promise<readonly string[]>;
  pushedNow(text: string): Promise<readonly string[]>;
}

/** WeChat's side and a server that it pushes to. */
export async function startWechatBench(
  options: { readonly env?: Readonly<Record<string, string>>; readonly target?: Partial<PushTarget> } = {},
): Promise<WechatBench> {
  const temp = await tempFolder();
  const wechat = await startWechat();
  const secrets = { MAQUE_WECHAT_PUSH_TOKEN: PUSH_TOKEN, MAQUE_WECHAT_PUSH_AES_KEY: PUSH_AES_KEY };
  const server = await startServer({
    dataDir: temp.path,
    app: wechatApp,
    simulator: wechat.url,
    env: { ...secrets, ...options.env },
  });
  const { simulator } = wechat;
  const url = `${server.url}/api/wechat/push`;
  simulator.setPushTarget({ url, token: PUSH_TOKEN, encodingAesKey: PUSH_AES_KEY, ...options.target });
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (user: string) => {
    const token = tokens.get(user) ?? logIn(server, simulator.issueCode(user));
    tokens.set(user, token);
    return token;
  };
  let admin: Promise<string> | undefined;
  const adminToken = () => (admin ??= claim(server.url, temp.path));
  async function callAs(token: string, path: string, body: unknown): Promise<BenchAnswer> {
    const response = await fetch(`${server.url}/api${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        connection: 'close',
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  }

  async function pushedNow(text: string): Promise<string[]> {
    const filter = encodeURIComponent(`text = "${text}"`);
    const { json } = await callAs(await tokenOf('ann'), `/pushes?sort=createdAt&filter=${filter}`, undefined);
    return json.items.map(({ kind }: { kind: string }) => kind);
  }

  return {
    ...{ server, simulator, dataDir: temp.path },
    call: async (path, body, user = 'ann') => callAs(await tokenOf(user), path, body),
    callAsAdmin: async (path, body) => callAs(await adminToken(), path, body),
    pushedNow,
    pushed: (text, times = 1) =>
      waitUntil(`the push of ${text}`, async () => {
        const kinds = await pushedNow(text);
        return kinds.length >= times && kinds;
      }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await wechat[Symbol.asyncDispose]();
      await temp[Symbol.asyncDispose]();
    },
  };
}

async function claim(url: string, dataDir: string): Promise<string> {
  const body = { link: createAdminLink(dataDir), name: 'root', password: 'correct horse' };
  const response = await fetch(`${url}/api/admin/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { token: string }).token;
}
