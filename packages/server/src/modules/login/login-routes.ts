import type { LoginRequest } from '@maque/contract';
import type { FastifyInstance } from 'fastify';
import { meSchema } from '../users/user-schema.ts';
import type { LoginService } from './login-service.ts';

/** `POST /api/login/wechat`. */
export function registerLoginRoutes(http: FastifyInstance, deps: { login: LoginService }): void {
  http.post<{ Body: LoginRequest }>(
    '/api/login/wechat',
    {
      config: { auth: 'public' },
      schema: {
        summary: 'Log in with the code of wx.login',
        tags: ['login'],
        body: {
          type: 'object',
          // WeChat's codes have 32 characters; nothing longer is worth a call.
          properties: { code: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' } },
          required: ['code'],
          additionalProperties: false,
        },
        response: {
          200: {
            type: 'object',
            properties: {
              token: { type: 'string' },
              expiresAt: { type: 'string', format: 'date-time' },
              user: meSchema,
            },
            required: ['token', 'expiresAt', 'user'],
          },
        },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return deps.login.login(request.body.code);
    },
  );
}
