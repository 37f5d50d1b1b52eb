import { describe, expect, it } from 'vitest';
import { createWechatClient } from './client.ts';
import { CONTENT_APIS } from './content/content-checks.ts';
import { CUSTOMER_SERVICE_APIS } from './customer-service/customer-service.ts';
import { LINK_APIS } from './links/create-links.ts';
import { MESSAGE_APIS } from './messages/messages.ts';
import { PLATFORM_APIS } from './platform/platform.ts';
import { SHIPPING_APIS } from './shipping/shipping.ts';
import { APP_ID, SECRET, startSimulator } from './with-simulator.fixture.ts';

describe('createWechatClient', () => {
  it.each([
    ['no AppID', { appId: '' }, /appId/],
    ['a secret with a line break', { secret: 'abc\n' }, /secret/],
    ['plain http to another computer', { baseUrl: 'http://api.weixin.qq.com' }, /https/],
    ['no address', { baseUrl: 'weixin' }, /https/],
    ['an address with a query', { baseUrl: 'https://example.com/?a=1' }, /https/],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => createWechatClient({ appId: APP_ID, secret: SECRET, ...wrong })).toThrow(message);
  });

  it('does not quote a secret that it refuses', () => {
    const create = () => createWechatClient({ appId: APP_ID, secret: 'my secret' });
    expect(create).toThrow(expect.not.objectContaining({ message: expect.stringContaining('my secret') }));
  });

  it('calls any path with the token, and takes nothing else for a path', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const { openid } = await client.code2Session('demo-1');
    const answer = await client.callApi('/wxa/business/getuserphonenumber', {
      body: { code: 'phone-demo-1', openid },
    });
    expect(answer).toMatchObject({ errcode: 0, phone_info: { countryCode: '86' } });
    for (const path of ['', 'wxa/x', '/wxa/x?access_token=1', '//evil.example/x', '/wxa/../x y']) {
      await expect(client.callApi(path)).rejects.toThrow(TypeError);
    }
    await expect(client.callApi('/wxa/x', { method: 'GET', body: {} })).rejects.toThrow('no body');
  });

  it('offers groups of calls, each with all that its file has', async () => {
    const client = createWechatClient({ appId: APP_ID, secret: SECRET });
    const calls = [
      ...MESSAGE_APIS,
      ...CONTENT_APIS,
      ...LINK_APIS,
      ...CUSTOMER_SERVICE_APIS,
      ...SHIPPING_APIS,
      ...PLATFORM_APIS,
    ];
    for (const { call } of calls) {
      const [, group = '', method = ''] = call.split('.');
      expect(client).toHaveProperty([group, method], expect.any(Function));
    }
  });
});
