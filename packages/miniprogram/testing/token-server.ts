import { vi } from 'vitest';
import { createFakeWechat, type FakeWechat, type FakeWechatOptions } from './fake-wechat.ts';
import { errorAnswer, type Script } from './scripted-server.ts';

export const user = { id: 'u1', nickname: null, avatarUrl: null, createdAt: '…', updatedAt: '…' };

/** A server that knows tokens: each login gives the next one, and only the newest is good. */
export function tokenServer(others: Script = () => ({ body: user })): Script {
  let issued = 0;
  return (request) => {
    if (request.path === '/api/login/wechat') {
      issued += 1;
      return { body: { token: `t${issued}`, expiresAt: '…', user } };
    }
    if (request.headers.authorization === undefined) return errorAnswer(401, 'AUTH_REQUIRED');
    if (request.headers.authorization !== `Bearer t${issued}`) return errorAnswer(401, 'TOKEN_EXPIRED');
    return others(request);
  };
}

/** Makes `wx` what a mini-program has, until the test's stubs are taken back. */
export function insideWechat(options?: FakeWechatOptions): FakeWechat {
  const wechat = createFakeWechat(options);
  vi.stubGlobal('wx', wechat);
  return wechat;
}
