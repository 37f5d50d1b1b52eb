import type { FastifyInstance } from 'fastify';
import { callingUser } from '../../http/calling.ts';
import { checkedChanges } from '../../http/checked-body.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { meFields, profileFields } from './user-fields.ts';
import type { UserService } from './user-service.ts';

/** `GET` and `PATCH /api/me`, `DELETE /api/me/phone`. */
export function registerUserRoutes(http: FastifyInstance, deps: { users: UserService }): void {
  const config = { auth: 'user' } as const;
  const tags = ['users'];
  const response = { 200: answerSchema(meFields) };

  http.get('/api/me', { config, schema: { summary: 'The caller', tags, response } }, (request) =>
    deps.users.me(callingUser(request).userId),
  );

  const body = inputSchema(profileFields, { partial: true });
  const summary = 'Change the profile of the caller';
  http.patch('/api/me', { config, schema: { summary, tags, body, response } }, (request) =>
    deps.users.changeProfile(callingUser(request).userId, checkedChanges(request, profileFields)),
  );

  http.delete(
    '/api/me/phone',
    { config, schema: { summary: 'Forget the phone of the caller', tags, response } },
    (request) => deps.users.setPhone(callingUser(request).userId, null),
  );
}
