import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { callingUser } from '../../http/calling.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import type { PhoneService } from './phone-service.ts';
import { meFields } from './user-fields.ts';

// WeChat's have 64 characters.
const request = { code: field.text({ maxLength: 128 }) };

/** `POST /api/me/phone`. */
export function registerPhoneRoutes(http: FastifyInstance, deps: { phones: PhoneService }): void {
  const schema = {
    summary: 'Bind the phone behind the code of a getPhoneNumber button',
    tags: ['users'],
    body: inputSchema(request, { partial: false }),
    response: { 200: answerSchema(meFields) },
  };
  http.post('/api/me/phone', { config: { auth: 'user' }, schema }, async (incoming, reply) => {
    const { code } = checkedBody(incoming, request);
    reply.header('cache-control', 'no-store');
    return deps.phones.bind(callingUser(incoming), code);
  });
}
