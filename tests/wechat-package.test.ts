import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppWithPackage, appWithPackage } from './installed-package.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const exec = promisify(execFile);

let app: AppWithPackage;

beforeAll(async () => {
  app = await appWithPackage('wechat');
});
afterAll(() => app[Symbol.asyncDispose]());

const CODE = `
import { createWechatClient } from '@maque/wechat';
import { createObjectStore } from '@maque/wechat/object-store';
import { createPayClient } from '@maque/wechat/pay';
import { composePush, createPushReceiver } from '@maque/wechat/push';
import { createSimulator } from '@maque/wechat/simulator';

const account = { appId: 'wx-app', secret: 'secret' };
const simulator = createSimulator(account);
const baseUrl = await simulator.listen();
const client = createWechatClient({ ...account, baseUrl });
const { openid } = await client.code2Session('demo-1');
const templates: number = (await client.messages.templates()).length;

const { mchId, serial, privateKeyPem, apiV3Key, publicKeyId, publicKeyPem } = simulator.pay.credentials();
const pay = createPayClient({
  ...{ appId: account.appId, mchId, merchantSerial: serial, merchantKey: privateKeyPem, apiV3Key, baseUrl },
  publicKeys: { [publicKeyId]: publicKeyPem },
  notifyUrl: 'http://127.0.0.1:1/notify',
});
const outTradeNo = 'order_1';
const { prepayId } = await pay.prepay({ outTradeNo, description: 'tea', amountFen: 1, openid });
simulator.pay.payWith(pay.paymentParameters(prepayId));
const state: string | undefined = (await pay.query({ outTradeNo }))?.tradeState;
console.log(openid.length, templates > 0, state, typeof createObjectStore, typeof composePush, typeof createPushReceiver);
await simulator.close();
`;

it('brings everything along, for an app that has nothing else', async () => {
  expect(await readdir(join(app.path, 'node_modules', '@maque'))).toEqual(['wechat']);
  await writeFile(join(app.path, 'try.ts'), CODE);
  const { stdout } = await exec(process.execPath, ['try.ts'], { cwd: app.path });
  expect(stdout).toBe('28 true SUCCESS function function function\n');
});

it('has its types, and none that point out of it', async () => {
  await writeFile(join(app.path, 'try.ts'), CODE);
  await mkdir(join(app.path, 'node_modules', '@types'), { recursive: true });
  await symlink(join(root, 'node_modules/@types/node'), join(app.path, 'node_modules/@types/node'));
  await symlink(join(root, 'node_modules/undici-types'), join(app.path, 'node_modules/undici-types'));
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
  const compile = exec(join(root, 'node_modules/.bin/tsc'), [...flags, 'try.ts'], { cwd: app.path });
  const result: { stdout: string; code?: unknown } = await compile.catch((error) => error);
  // A compiler that did not run at all says nothing either.
  expect([result.stdout, result.code]).toEqual(['', undefined]);
});
