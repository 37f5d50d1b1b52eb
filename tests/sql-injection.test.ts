import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { callApi, logIn } from '@maque/testkit/process/api-client';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { type RunningMaque, startMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, expect, it } from 'vitest';

let shop: RunningMaque;
let token: string;
let productId: string;

beforeAll(async () => {
  shop = await startMaque();
  token = await logIn(shop.url, 'demo-1');
  productId = (await callApi(shop.url, '/api/products?limit=1')).json().items[0].id;
});
afterAll(() => shop[Symbol.asyncDispose]());

interface Target {
  readonly url: string;
  readonly token?: string;
  readonly method?: string;
  /** `*` marks where else than at the values is tried. */
  readonly body?: string;
}

/** What sqlmap says of a target, tried in every way it has but the slow ones that wait. */
async function attack({ url, token: bearer, method, body }: Target): Promise<string> {
  await using output = await tempFolder();
  const args = [
    ...['-u', url, '--batch', '--flush-session', '--output-dir', output.path],
    ...['--level', '3', '--risk', '2', '--technique', 'BEU', '--dbms', 'sqlite', '--threads', '4'],
    // Answers that refuse are what is expected; only what differs by truth counts.
    ...[
      '--skip',
      'user-agent,referer,host',
      '--skip-heuristics',
      '--ignore-code',
      '401',
      '--disable-coloring',
      '-v',
      '1',
    ],
    ...(bearer === undefined ? [] : ['--header', `Authorization: Bearer ${bearer}`]),
    ...(method === undefined ? [] : ['--method', method]),
    ...(body === undefined ? [] : ['--data', body, '--header', 'Content-Type: application/json']),
  ];
  await using child = await spawnProcess('sqlmap', args);
  await child.exit(120_000);
  return child.stdout();
}

const SAFE = /all tested parameters do not appear to be injectable/;
const FOUND = /is vulnerable|sqlmap identified the following injection point/;

it('sqlmap finds the hole of a server that has one', async () => {
  const database = new DatabaseSync(':memory:');
  database.exec(
    "create table tea (id integer, name text); insert into tea values (1, 'longjing'), (2, 'puer')",
  );
  const server = createServer((request, response) => {
    const id = new URL(request.url ?? '/', 'http://x').searchParams.get('id');
    try {
      response.end(JSON.stringify(database.prepare(`select * from tea where id = ${id}`).all()));
    } catch {
      response.writeHead(400).end('[]');
    }
  }).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await attack({ url: `http://127.0.0.1:${port}/?id=1` })).toMatch(FOUND);
  } finally {
    server.close();
    database.close();
  }
});

const query = (parts: Readonly<Record<string, string>>) => new URLSearchParams(parts).toString();

it.each<[string, () => Target]>([
  [
    'lists of anybody',
    () => ({
      url: `${shop.url}/api/products?${query({ limit: '2', sort: '-price_fen', filter: 'price_fen > 1 and name like "%茶%"', fields: 'id,name', search: '茶', count: 'true' })}`,
    }),
  ],
  ['the address of a record', () => ({ url: `${shop.url}/api/products/${productId}*` })],
  [
    'lists of a user',
    () => ({ url: `${shop.url}/api/orders?${query({ limit: '2', sort: '-createdAt' })}`, token }),
  ],
  [
    'a body',
    () => ({
      url: `${shop.url}/api/orders`,
      token,
      body: JSON.stringify({ items: [{ productId, quantity: 0 }] }),
    }),
  ],
  [
    'the own profile',
    () => ({
      url: `${shop.url}/api/me`,
      token,
      method: 'PATCH',
      body: JSON.stringify({ nickname: 'sparrow' }),
    }),
  ],
  ['a login', () => ({ url: `${shop.url}/api/login/wechat`, body: JSON.stringify({ code: 'demo-9' }) })],
])('finds none in %s', async (_what, target) => {
  const said = await attack(target());
  expect(said).toMatch(SAFE);
  expect(said).not.toMatch(FOUND);
});
