import { tempFolder } from '@maque/testkit/process/temp-folder';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { expect, it } from 'vitest';
import { startServer, startWechat } from '../../../testing/start-server.ts';
import { openApiDocument } from './openapi-document.ts';

it('describes every route of the running server, and who may call it', async () => {
  await using temp = await tempFolder();
  await using wechat = await startWechat();
  await using server = await startServer({ dataDir: temp.path, simulator: wechat.url });
  const answer = await sendRequest(server.url, { path: '/openapi.json' });
  const document = answer.json<{
    openapi: string;
    paths: Record<
      string,
      Record<string, { security?: unknown; requestBody?: unknown; parameters?: unknown[] }>
    >;
  }>();
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      ...['/api/login/wechat', '/api/me', '/api/notes', '/api/notes/{id}', '/api/batch', '/api/uploads'],
      ...['/api/admin/login', '/api/wechat/push'],
    ]),
  );
  expect(document.paths['/api/notes']?.post?.parameters).toContainEqual(
    expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: false }),
  );
  expect(document.paths['/api/uploads']?.post?.requestBody).toMatchObject({
    content: { 'multipart/form-data': { schema: { required: ['file'] } } },
  });
  expect(document.paths['/api/me']?.get?.security).toEqual([{ token: [] }]);
  expect(document.paths['/api/login/wechat']?.post?.security).toBeUndefined();
  expect(document.paths['/api/login/wechat']?.post?.requestBody).toMatchObject({
    content: { 'application/json': { schema: { required: ['code'], additionalProperties: false } } },
  });
  expect(document.paths['/api/notes/{id}']?.get?.parameters).toContainEqual(
    expect.objectContaining({ name: 'id', in: 'path', required: true }),
  );
  expect(Object.values(document.paths).flatMap((methods) => Object.keys(methods))).not.toContain('head');

  const again = await sendRequest(server.url, {
    path: '/openapi.json',
    headers: { 'if-none-match': answer.headers.etag ?? '' },
  });
  expect([again.status, again.text]).toEqual([304, '']);
});

it('tells parameters, optional callers and answers without a body apart', () => {
  const document = openApiDocument(
    [
      {
        method: 'GET',
        path: '/api/things/:id/parts/:part',
        security: 'optional',
        summary: undefined,
        tags: [],
        params: undefined,
        headers: { properties: { 'If-Match': { type: 'string' } } },
        query: { properties: { limit: { type: 'integer' }, q: { type: 'string' } }, required: ['q'] },
        body: undefined,
        bodyType: 'application/json',
        answers: { 204: { type: 'null' } },
      },
    ],
    { title: 't', version: '1' },
  );
  expect(document.paths).toMatchObject({
    '/api/things/{id}/parts/{part}': {
      get: {
        parameters: [
          { name: 'id', in: 'path', required: true },
          { name: 'part', in: 'path', required: true },
          { name: 'limit', in: 'query', required: false },
          { name: 'q', in: 'query', required: true },
          { name: 'If-Match', in: 'header', required: false },
        ],
        security: [{}, { token: [] }],
        responses: { 204: { description: 'Done' }, default: { description: 'A fault' } },
      },
    },
  });
});
