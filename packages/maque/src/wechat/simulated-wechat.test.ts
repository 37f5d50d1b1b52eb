import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPushReceiver } from '@maque/wechat/push';
import { expect, it } from 'vitest';
import { type SimulatedWechatOptions, startSimulatedWechat } from './simulated-wechat.ts';

const SERVER = 'http://127.0.0.1:1';

async function start(options: Partial<SimulatedWechatOptions> = {}) {
  const simulated = await startSimulatedWechat({ port: 0, serverUrl: SERVER, ...options });
  return {
    ...simulated,
    variable: (name: string) => simulated.environment[`MAQUE_${name}`] ?? '',
    [Symbol.asyncDispose]: () => simulated.close(),
  };
}

it('gives a server all that it needs, the keys in files that nobody else can read', async () => {
  await using simulated = await start();
  const { variable } = simulated;
  expect(variable('WECHAT_BASE_URL')).toBe(simulated.url);
  expect(variable('PAY_BASE_URL')).toBe(simulated.url);
  expect(variable('PUBLIC_URL')).toBe(SERVER);
  expect(variable('WECHAT_PUSH_TOKEN')).toMatch(/^[\da-f]{24}$/);
  expect(variable('WECHAT_PUSH_AES_KEY')).toMatch(/^\w{43}$/);
  expect(variable('PAY_API_V3_KEY')).toHaveLength(32);
  for (const name of ['PAY_KEY_FILE', 'PAY_PUBLIC_KEY_FILE']) {
    const path = variable(name);
    expect(readFileSync(path, 'utf8')).toMatch(/^-----BEGIN (PRIVATE|PUBLIC) KEY-----\n/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  }
});

it('keeps the merchant in the folder that it is given, and leaves no other behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maque-test-'));
  try {
    const keyFolder = join(folder, 'simulator');
    const serials: string[] = [];
    for (const mchId of ['1900000001', '1900000001', '1900000002']) {
      await using simulated = await start({ keyFolder, mchId });
      serials.push(simulated.variable('PAY_SERIAL'));
      expect(simulated.variable('PAY_MCH_ID')).toBe(mchId);
    }
    expect(serials[1]).toBe(serials[0]);
    expect(serials[2]).not.toBe(serials[0]);
    expect(existsSync(join(keyFolder, 'merchant.json'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const simulated = await start();
  const path = simulated.variable('PAY_KEY_FILE');
  await simulated.close();
  expect(existsSync(dirname(path))).toBe(false);
});

it.each(['apiclient_key.pem', 'pub_key.pem'])(
  'replaces no %s of a real merchant, which exists nowhere else',
  async (name) => {
    const keyFolder = mkdtempSync(join(tmpdir(), 'maque-test-'));
    try {
      const file = join(keyFolder, name);
      writeFileSync(file, 'the real one');
      await expect(start({ keyFolder })).rejects.toMatchObject({ code: 'KEY_FOLDER_TAKEN', data: { file } });
      expect(readFileSync(file, 'utf8')).toBe('the real one');
      expect(readdirSync(keyFolder)).toEqual([name]);
    } finally {
      rmSync(keyFolder, { recursive: true });
    }
  },
);

it('pushes to the server with the very token and key that it told', async () => {
  const paths: string[] = [];
  let believed = 0;
  await using simulated = await start();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    paths.push(`${request.method} ${url.pathname}`);
    const receiver = createPushReceiver({
      appId: simulated.variable('WECHAT_APP_ID'),
      token: simulated.variable('WECHAT_PUSH_TOKEN'),
      encodingAesKey: simulated.variable('WECHAT_PUSH_AES_KEY'),
    });
    const query = Object.fromEntries(url.searchParams);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (request.method === 'GET') return response.end(receiver.verifyUrl(query));
    receiver.read({ query, body: Buffer.concat(chunks) });
    believed += 1;
    return response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await using own = await start({
      serverUrl: `http://127.0.0.1:${port}`,
      push: {
        token: simulated.variable('WECHAT_PUSH_TOKEN'),
        encodingAesKey: simulated.variable('WECHAT_PUSH_AES_KEY'),
        format: 'xml',
      },
    });
    const body = JSON.stringify({ user: 'li', text: 'hi' });
    await fetch(`${own.url}/_sim/chat`, { method: 'POST', body });
    expect(paths).toEqual(['GET /api/wechat/push', 'POST /api/wechat/push']);
    expect(believed).toBe(1);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

it('says what is wrong with what it is told, and leaves nothing behind', async () => {
  await expect(start({ push: { mode: 'clear' as never } })).rejects.toMatchObject({
    code: 'SIM_REQUEST_INVALID',
  });
});
