import type { FastifyInstance, FastifyRequest } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { callingMember } from '../../http/calling.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { passwordFields, proofFields } from '../admin/admin-fields.ts';
import type { AdminService } from '../admin/admin-service.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { sessionListFields } from '../sessions/session-fields.ts';
import type { SessionService } from '../sessions/session-service.ts';
import type { OwnAccount } from './own-account.ts';
import { memberView, ownFields } from './staff-fields.ts';

export interface OwnRoutesDeps {
  readonly admins: AdminService;
  readonly account: OwnAccount;
  readonly sessions: SessionService;
  readonly demandsTotp: boolean;
}

const config = { auth: 'staff', beforeTotp: true } as const;
const tags = ['staff'];
const codeFields = { code: field.text({ maxLength: 20 }) };
const secretFields = { secret: field.text({ maxLength: 64 }), address: field.text({ maxLength: 500 }) };
const recoveryFields = { recoveryCodes: field.list(field.text({ maxLength: 20 }), { maxItems: 20 }) };

/** `/api/admin/me`: what members of staff do about their own way in. */
export function registerOwnRoutes(http: FastifyInstance, deps: OwnRoutesDeps): void {
  const { admins, account, sessions, demandsTotp } = deps;

  http.get(
    '/api/admin/me',
    {
      config,
      schema: {
        summary: 'The caller, as a member of staff',
        tags,
        response: { 200: answerSchema(ownFields) },
      },
    },
    async (request, reply) => {
      const member = await admins.memberOf(callingMember(request).adminId);
      reply.header('cache-control', 'no-store');
      return {
        ...memberView(member),
        mustSetUpTotp: demandsTotp && member.totpSecret === null,
        recoveryCodesLeft: member.recoveryCodes === null ? 0 : JSON.parse(member.recoveryCodes).length,
      };
    },
  );

  http.post(
    '/api/admin/me/password',
    {
      config,
      schema: {
        summary: 'Change the own password',
        tags,
        body: inputSchema(passwordFields, { partial: false }),
      },
    },
    async (request, reply) => {
      const { newPassword, ...proof } = checkedBody(request, passwordFields);
      await account.changePassword(callerOf(request), proof, newPassword);
      return reply.code(204).send();
    },
  );

  const proof = inputSchema(proofFields, { partial: false });
  http.post(
    '/api/admin/me/totp',
    {
      config,
      schema: {
        summary: 'A new secret for an authenticator',
        tags,
        body: proof,
        response: { 200: answerSchema(secretFields) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return account.beginTotp(callerOf(request), checkedBody(request, proofFields));
    },
  );

  http.post(
    '/api/admin/me/totp/confirm',
    {
      config,
      schema: {
        summary: 'Put the authenticator to use with its first code',
        tags,
        body: inputSchema(codeFields, { partial: false }),
        response: { 200: answerSchema(recoveryFields) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { code } = checkedBody(request, codeFields);
      return { recoveryCodes: await account.confirmTotp(callerOf(request), code) };
    },
  );

  http.post(
    '/api/admin/me/totp/remove',
    { config, schema: { summary: 'Do without an authenticator', tags, body: proof } },
    async (request, reply) => {
      await account.removeTotp(callerOf(request), checkedBody(request, proofFields));
      return reply.code(204).send();
    },
  );

  http.get(
    '/api/admin/me/sessions',
    {
      config,
      schema: {
        summary: 'Where the caller is logged in',
        tags,
        response: { 200: answerSchema(sessionListFields) },
      },
    },
    async (request) => {
      const { adminId, sessionId } = callingMember(request);
      return { items: await sessions.list(adminId, sessionId) };
    },
  );

  http.delete<{ Params: { id: string } }>(
    '/api/admin/me/sessions/:id',
    { config, schema: { summary: 'End a session of the caller', tags } },
    async (request, reply) => {
      await sessions.close(request.params.id, callingMember(request).adminId);
      return reply.code(204).send();
    },
  );
}

function callerOf(request: FastifyRequest) {
  const { adminId, sessionId } = callingMember(request);
  return { adminId, sessionId, ip: request.ip };
}
