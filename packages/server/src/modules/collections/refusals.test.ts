import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterEach, expect, it, vi } from 'vitest';
import { logIn, startServer, startWechat } from '../../../testing/start-server.ts';
import { collection, defineApp, field, route } from '../../define/index.ts';

const app = defineApp({
  collections: {
    notes: collection({
      fields: {
        text: field.text({ maxLength: 100 }),
        userId: field.caller(),
        pinned: field.bool().default(false),
      },
      rules: {
        create: 'user',
        update: { pinned: false },
        read: 'public',
        delete: 'admin',
        fields: { pinned: { write: 'admin' } },
      },
    }),
  },
  routes: [
    route.get('/boom', { auth: 'public' }, () => {
      throw new Error('boom of 13812345678');
    }),
  ],
});

afterEach(() => vi.restoreAllMocks());

/** What each request has told on the terminal, and its status. */
async function tellings(env: Readonly<Record<string, string>>) {
  await using temp = await tempFolder();
  await using wechat = await startWechat();
  await using server = await startServer({ dataDir: temp.path, simulator: wechat.url, app, env });
  const token = await logIn(server, 'demo-1');
  let told: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  return await (async () => {
    const found: [number, string][] = [];
    const send = async (method: string, path: string, body?: object, isUser = true) => {
      told = [];
      const headers = {
        ...(isUser ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await fetch(`${server.url}/api${path}`, init);
      found.push([response.status, told.join('')]);
      return (await response.json()) as { id: string };
    };
    const { id } = await send('POST', '/notes', { text: 'tea' });
    await send('POST', '/notes', { text: 'tea' }, false);
    await send('POST', '/notes', { text: 'tea', userId: 'another' });
    await send('PATCH', `/notes/${id}`, { pinned: true });
    await send('DELETE', `/notes/${id}`);
    await send('GET', '/notes?limit=1');
    await send('GET', '/elsewhere');
    await send('GET', '/boom');
    return found;
  })();
}

it('are explained on the terminal where that is wished for, and to nobody else', async () => {
  const rule = 'collections.notes.rules';
  const expected = [
    [201, ''],
    [401, `${rule}.create lets in nobody like this caller (not logged in)`],
    [403, 'collections.notes.fields.userId is a field.caller(): nobody but admins sets or changes it'],
    [403, `${rule}.update does not let this through (judged by the record as it was and as it becomes)`],
    [403, `${rule}.delete lets in nobody like this caller (user)`],
    [405, `there is no ${rule}.list, so it is not served`],
    [404, ''],
    [500, 'Error: boom of ***'],
  ] as const;
  const found = await tellings({ MAQUE_LOG_TERMINAL: 'true' });
  expect(found.map(([status]) => status)).toEqual(expected.map(([status]) => status));
  for (const [position, [, words]] of expected.entries()) {
    const told = found[position]?.[1];
    if (words === '') expect(told).toBe('');
    else expect(told).toContain(words);
  }
});

it('are kept from a terminal that is a journal', async () => {
  const found = await tellings({});
  expect(found.map(([, told]) => told).join('')).toBe('');
});
