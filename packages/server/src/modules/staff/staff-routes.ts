import type { FastifyInstance } from 'fastify';
import { callingMember } from '../../http/calling.ts';
import { checkedBody, checkedChanges } from '../../http/checked-body.ts';
import { noteAudit } from '../audit/audit-note.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { sessionListFields } from '../sessions/session-fields.ts';
import type { SessionService } from '../sessions/session-service.ts';
import {
  invitationFields,
  linkView,
  memberChanges,
  memberFields,
  memberView,
  newLinkFields,
  newLinkView,
  staffListFields,
} from './staff-fields.ts';
import type { StaffService } from './staff-service.ts';

const config = { auth: 'admin' } as const;
const tags = ['staff'];
const newLinkAnswer = { 201: answerSchema(newLinkFields) };

type ById = { Params: { id: string } };

/** `/api/admin/staff`: who works here. For admins. */
export function registerStaffRoutes(
  http: FastifyInstance,
  { staff, sessions }: { staff: StaffService; sessions: SessionService },
): void {
  http.get(
    '/api/admin/staff',
    {
      config,
      schema: {
        summary: 'Members of staff, and links that are open',
        tags,
        response: { 200: answerSchema(staffListFields) },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      const [members, links] = await Promise.all([staff.members(), staff.links()]);
      return { members: members.map(memberView), links: links.map(linkView) };
    },
  );

  const body = inputSchema(invitationFields, { partial: false });
  http.post(
    '/api/admin/staff/invitations',
    {
      config,
      schema: { summary: 'Invite somebody with a one-time link', tags, body, response: newLinkAnswer },
    },
    async (request, reply) => {
      const { roles } = checkedBody(request, invitationFields);
      const link = await staff.invite(roles, callingMember(request).adminId);
      noteAudit(request, { target: link.id, details: { roles } });
      return reply.code(201).header('cache-control', 'no-store').send(newLinkView(link));
    },
  );

  http.delete<ById>(
    '/api/admin/staff/links/:id',
    { config, schema: { summary: 'Withdraw a one-time link', tags } },
    async (request, reply) => {
      callingMember(request);
      await staff.withdrawLink(request.params.id);
      return reply.code(204).send();
    },
  );

  http.post<ById>(
    '/api/admin/staff/:id/reset',
    {
      config,
      schema: {
        summary: 'A one-time link with which a member sets name and password anew',
        tags,
        response: newLinkAnswer,
      },
    },
    async (request, reply) => {
      const link = await staff.reset(request.params.id, callingMember(request).adminId);
      return reply.code(201).header('cache-control', 'no-store').send(newLinkView(link));
    },
  );

  const changes = inputSchema(memberChanges, { partial: true });
  http.patch<ById>(
    '/api/admin/staff/:id',
    {
      config,
      schema: {
        summary: "Change a member's roles, or shut them out",
        tags,
        body: changes,
        response: { 200: answerSchema(memberFields) },
      },
    },
    async (request) => {
      callingMember(request);
      const wished = checkedChanges(request, memberChanges);
      noteAudit(request, { details: wished });
      return memberView(await staff.change(request.params.id, wished));
    },
  );

  http.delete<ById>(
    '/api/admin/staff/:id',
    { config, schema: { summary: 'Let a member go', tags } },
    async (request, reply) => {
      callingMember(request);
      await staff.remove(request.params.id);
      return reply.code(204).send();
    },
  );

  http.get<ById>(
    '/api/admin/staff/:id/sessions',
    {
      config,
      schema: {
        summary: 'Where a member is logged in',
        tags,
        response: { 200: answerSchema(sessionListFields) },
      },
    },
    async (request) => {
      const { id } = await staff.member(request.params.id);
      return { items: await sessions.list(id, undefined) };
    },
  );

  http.delete<ById>(
    '/api/admin/staff/:id/sessions',
    { config, schema: { summary: 'Log a member out everywhere', tags } },
    async (request, reply) => {
      callingMember(request);
      await sessions.closeAllOf((await staff.member(request.params.id)).id);
      return reply.code(204).send();
    },
  );
}
