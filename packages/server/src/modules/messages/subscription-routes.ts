import { errors } from '@maque/contract';
import { type Bytes, KiB } from '@maque/kit';
import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { callingUser } from '../../http/calling.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { inputSchema } from '../records/field-schema.ts';
import type { MessageService } from './message-service.ts';

export interface SubscriptionRoutesDeps {
  /** Null when there is no AppID. */
  readonly messages: Pick<MessageService, 'answered'> | null;
}

/** A pop-up has 5 templates at most, with ids of 43 characters. */
const MOST_TEMPLATES = 20;
const MOST_BYTES: Bytes = 2 * KiB;
const TEMPLATE_ID = /^[\w-]{1,64}$/;
const WRONG_ANSWERS = {
  en: `must say what was answered for each of at most ${MOST_TEMPLATES} templates`,
  zh: `应为每个模板的授权结果，最多 ${MOST_TEMPLATES} 个`,
};
const fields = { answers: field.json({ maxBytes: MOST_BYTES }) };

/** `POST /api/wechat/subscriptions`: the client says what `wx.requestSubscribeMessage` answered. */
export function registerSubscriptionRoutes(
  http: FastifyInstance,
  { messages }: SubscriptionRoutesDeps,
): void {
  const schema = {
    summary: 'Tell what the user answered to wx.requestSubscribeMessage',
    tags: ['wechat'],
    body: inputSchema(fields, { partial: false }),
  };
  http.post('/api/wechat/subscriptions', { config: { auth: 'user' }, schema }, async (request, reply) => {
    if (messages === null) throw errors.WECHAT_OFF();
    const { userId } = callingUser(request);
    await messages.answered(userId, answersOf(checkedBody(request, fields).answers));
    return reply.code(204).send();
  });
}

/** `accept`, or `acceptWithAudio` and `acceptWithAlert`; all else is none. */
function answersOf(answers: unknown): { templateId: string; accepted: boolean }[] {
  const entries = typeof answers === 'object' && answers !== null ? Object.entries(answers) : [];
  const isRight = ([id, answer]: [string, unknown]) => TEMPLATE_ID.test(id) && typeof answer === 'string';
  if (entries.length === 0 || entries.length > MOST_TEMPLATES || !entries.every(isRight)) {
    throw errors.VALIDATION_FAILED({ details: [{ path: 'answers', issue: WRONG_ANSWERS }] });
  }
  return entries.map(([templateId, answer]) => ({
    templateId,
    accepted: String(answer).startsWith('accept'),
  }));
}
