import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { originOf } from '../sessions/session-origin.ts';
import { meFields } from '../users/user-fields.ts';
import type { LoginService } from './login-service.ts';

// WeChat's codes have 32 characters; nothing longer is worth a call.
const request = {
  code: field.text({ maxLength: 128 }),
  appId: field.text({ maxLength: 64 }).optional(),
};
const answer = {
  token: field.text({ maxLength: 512 }),
  expiresAt: field.datetime(),
  user: field.object(meFields),
};

/** `POST /api/login/wechat`. */
export function registerLoginRoutes(http: FastifyInstance, deps: { login: LoginService }): void {
  const schema = {
    summary: 'Log in with the code of wx.login',
    tags: ['login'],
    body: inputSchema(request, { partial: false }),
    response: { 200: answerSchema(answer) },
  };
  http.post('/api/login/wechat', { config: { auth: 'public' }, schema }, async (incoming, reply) => {
    const { code, appId } = checkedBody(incoming, request);
    reply.header('cache-control', 'no-store');
    return deps.login.login(code, appId, originOf(incoming));
  });
}
