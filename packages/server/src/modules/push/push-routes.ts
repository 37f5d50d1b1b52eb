import { errors } from '@maque/contract';
import { type Bytes, KiB } from '@maque/kit';
import type { PushQuery } from '@maque/wechat/push';
import type { FastifyInstance } from 'fastify';
import type { PushService } from './push-service.ts';

export interface PushRoutesDeps {
  /** Null where nothing is to be received. */
  readonly pushes: Pick<PushService, 'verifyUrl' | 'take'> | null;
}

/** Where WeChat pushes to, under the public address. */
const PUSH_PATH = '/api/wechat/push';
/** Messages have some hundred bytes, encrypted ones a third more; the longest of users some 8 KiB. */
export const MOST_PUSH_BYTES: Bytes = 64 * KiB;
const NO_BODY = new Uint8Array(0);
const config = { auth: 'public' } as const;
const tags = ['wechat'];

/** `GET|POST /api/wechat/push`: no login, since WeChat's signature is the proof. */
export function registerPushRoutes(http: FastifyInstance, { pushes }: PushRoutesDeps): void {
  const received = () => {
    if (pushes === null) throw errors.WECHAT_PUSH_OFF();
    return pushes;
  };
  const checked = { summary: 'WeChat asks whether this is the address that it pushes to', tags };
  http.get(PUSH_PATH, { config, schema: checked }, async (request, reply) =>
    reply.type('text/plain; charset=utf-8').send(received().verifyUrl(request.query as PushQuery)),
  );
  const schema = { summary: 'WeChat pushes messages and events here', tags };
  // A scope of its own, where bodies stay the bytes that they are.
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(PUSH_PATH, { config, schema, bodyLimit: MOST_PUSH_BYTES }, async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : NO_BODY;
      await received().take(request.query as PushQuery, body);
      return reply.type('text/plain; charset=utf-8').send('success');
    });
  });
}
