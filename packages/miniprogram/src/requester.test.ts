import { expect, test } from 'vitest';
import { errorAnswer, type Script, startScriptedServer } from '../testing/scripted-server.ts';
import { ApiError } from './api-error.ts';
import { createFetchTransport } from './fetch-transport.ts';
import { type ApiRequest, createRequester, type RequesterOptions } from './requester.ts';

const quick = { baseDelayMs: 1 };

async function ask(
  script: Script,
  request: Partial<ApiRequest> = {},
  options: Partial<RequesterOptions> = {},
) {
  await using server = await startScriptedServer(script);
  const send = createRequester({
    baseUrl: server.url,
    transport: createFetchTransport(),
    retry: quick,
    ...options,
  });
  const startedAt = performance.now();
  const outcome = await send({ method: 'GET', path: '/products', ...request }).catch(
    (error: unknown) => error,
  );
  return { outcome, seen: server.seen, tookMs: performance.now() - startedAt };
}

function inTurn(...answers: ReturnType<Script>[]): Script {
  let turn = 0;
  return () => answers[Math.min(turn++, answers.length - 1)] ?? 'cut';
}

test('a request carries its query, body, token and language', async () => {
  const { outcome, seen } = await ask(
    () => ({ body: { id: 'o1' } }),
    {
      method: 'POST',
      path: '/orders',
      query: { note: 'a&b=c 茶', dry: true, cursor: undefined },
      body: { quantity: 2 },
      token: 't-1',
    },
    { language: 'zh-CN' },
  );
  expect(outcome).toEqual({ id: 'o1' });
  expect(seen[0]).toMatchObject({
    method: 'POST',
    path: '/api/orders?note=a%26b%3Dc%20%E8%8C%B6&dry=true',
    text: '{"quantity":2}',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer t-1',
      'accept-language': 'zh-CN',
    },
  });
});

test('an answer without a body is undefined', async () => {
  expect((await ask(() => ({ status: 204 }), { method: 'DELETE' })).outcome).toBeUndefined();
});

test('an error answer becomes an ApiError with everything in it', async () => {
  const details = [{ path: 'items.0.quantity', issue: 'must be at least 1' }];
  const { outcome } = await ask(() => ({
    status: 400,
    body: { error: { code: 'VALIDATION_FAILED', message: 'no', details, requestId: 'r-9' } },
  }));
  expect(outcome).toBeInstanceOf(ApiError);
  expect(outcome).toMatchObject({
    code: 'VALIDATION_FAILED',
    message: 'no',
    status: 400,
    details,
    requestId: 'r-9',
  });
});

test.each([
  ['a proxy’s error page', 502, '<html>Bad Gateway</html>'],
  ['a portal’s page instead of the API', 200, '<html>Please log in to the Wi-Fi</html>'],
  ['JSON that is not our error', 500, { message: 'oops' }],
])('%s is unreadable, and keeps its status', async (_name, status, body) => {
  const { outcome } = await ask(() => ({ status, body }));
  expect(outcome).toMatchObject({ code: 'ANSWER_UNREADABLE', status });
});

test('a GET outlives a busy server and a cut connection', async () => {
  const { outcome, seen } = await ask(inTurn(errorAnswer(503, 'OVERLOADED'), 'cut', { body: { ok: 1 } }));
  expect(outcome).toEqual({ ok: 1 });
  expect(seen).toHaveLength(3);
});

test('a GET gives up after the tries it may make', async () => {
  const { outcome, seen } = await ask(() => 'cut');
  expect(outcome).toMatchObject({ code: 'NETWORK_FAILED', status: 0 });
  expect(seen).toHaveLength(3);
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is never sent twice', async (method) => {
  for (const answer of ['cut', errorAnswer(503, 'OVERLOADED', { 'retry-after': '0' })] as const) {
    const { outcome, seen } = await ask(() => answer, { method });
    expect(outcome).toBeInstanceOf(ApiError);
    expect(seen).toHaveLength(1);
  }
});

test('a GET that was refused for its own sake is not sent again', async () => {
  for (const status of [400, 401, 404, 429, 500]) {
    expect((await ask(() => errorAnswer(status, 'ANY'))).seen).toHaveLength(1);
  }
});

test('Retry-After is waited for', async () => {
  const { outcome, tookMs } = await ask(
    inTurn(errorAnswer(503, 'OVERLOADED', { 'retry-after': '1' }), { body: {} }),
  );
  expect(outcome).toEqual({});
  expect(tookMs).toBeGreaterThanOrEqual(1_000);
});

test('a Retry-After beyond what anybody waits is told, not waited for', async () => {
  const { outcome, seen } = await ask(() => errorAnswer(503, 'SHUTTING_DOWN', { 'retry-after': '60' }));
  expect(outcome).toMatchObject({ code: 'SHUTTING_DOWN', retryAfterSeconds: 60 });
  expect(seen).toHaveLength(1);
});

test('a server that never answers is a timeout, in the language asked for', async () => {
  const { outcome } = await ask(
    () => 'never',
    {},
    { timeoutMs: 50, retry: { attempts: 1 }, language: 'zh-CN' },
  );
  expect(outcome).toMatchObject({ code: 'NETWORK_TIMEOUT', message: '服务器响应超时' });
});

test.each(['api.example.com', 'ftp://example.com', 'https://', 'https://a b'])(
  'a baseUrl of %s is refused when the client is made',
  (baseUrl) => {
    expect(() => createRequester({ baseUrl, transport: createFetchTransport() })).toThrow(
      /baseUrl must look/,
    );
  },
);
