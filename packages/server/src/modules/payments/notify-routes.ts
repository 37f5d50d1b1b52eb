import { type Bytes, KiB } from '@maque/kit';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { NotificationService } from './notification-service.ts';
import type { NotificationOutcome } from './payment-tally.ts';

/** Where WeChat Pay reports, under the public address. */
export const NOTIFY_PATH = '/api/wechat/pay/notify';

/** Notifications have some 1 to 2 KiB. */
const MOST_BYTES: Bytes = 64 * KiB;
const NO_BODY = Buffer.alloc(0);

/** 401 for what is not to be believed; 500 for what is, and could not be booked: WeChat Pay sends it again for a day. */
const STATUS: Readonly<Record<NotificationOutcome, number>> = {
  booked: 204,
  'nothing-new': 204,
  refused: 401,
  mismatch: 500,
  failed: 500,
};

/** `POST /api/wechat/pay/notify`: no login, since WeChat Pay's signature over the very bytes of the body is the proof. */
export function registerNotifyRoutes(
  http: FastifyInstance,
  deps: { notifications: Pick<NotificationService, 'receive'> },
): void {
  const schema: FastifySchema = {
    summary: 'WeChat Pay reports payments and refunds here',
    tags: ['wechat'],
    response: { 204: { type: 'null' } },
  };
  // A scope of its own, where bodies stay the bytes that they are.
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(
      NOTIFY_PATH,
      { config: { auth: 'public' }, schema, bodyLimit: MOST_BYTES },
      async ({ headers, body }, reply) => {
        const raw = { headers, body: body instanceof Uint8Array ? body : NO_BODY };
        const outcome = await deps.notifications.receive(raw);
        const status = STATUS[outcome];
        if (status === 204) return reply.code(204).send();
        return reply.code(status).send({ code: 'FAIL', message: outcome });
      },
    );
  });
}
