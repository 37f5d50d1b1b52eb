import type { FastifyInstance } from 'fastify';
import { callingUser } from '../../http/calling.ts';
import { meSchema } from './user-schema.ts';
import type { UserService } from './user-service.ts';
import type { ProfileChanges } from './user-store.ts';

/** `GET` and `PATCH /api/me`. */
export function registerUserRoutes(http: FastifyInstance, deps: { users: UserService }): void {
  http.get(
    '/api/me',
    {
      config: { auth: 'user' },
      schema: { summary: 'The caller', tags: ['users'], response: { 200: meSchema } },
    },
    (request) => deps.users.me(callingUser(request).userId),
  );

  http.patch<{ Body: ProfileChanges }>(
    '/api/me',
    {
      config: { auth: 'user' },
      schema: {
        summary: 'Change the profile of the caller',
        tags: ['users'],
        body: {
          type: 'object',
          properties: {
            // No control characters: a name is shown in one line, to other users too.
            nickname: {
              type: ['string', 'null'],
              minLength: 1,
              maxLength: 32,
              pattern: '^[^\\p{Cc}\\p{Cf}]*$',
            },
            // Shown as a picture to other users, so nothing but https.
            avatarUrl: { type: ['string', 'null'], maxLength: 512, pattern: '^https://[^\\s"<>\\\\]+$' },
          },
          minProperties: 1,
          additionalProperties: false,
        },
        response: { 200: meSchema },
      },
    },
    (request) => deps.users.changeProfile(callingUser(request).userId, request.body),
  );
}
