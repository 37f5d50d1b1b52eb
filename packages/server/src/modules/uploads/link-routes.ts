import type { UploadLinksAnswer } from '@maque/contract';
import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import type { LinkService } from './link-service.ts';

/** More than two screens of pictures; each that is not the caller's own costs a query for each field that may have it. */
const MAX_IDS = 50;

const request = { ids: field.files({ maxItems: MAX_IDS }) };
const link = {
  id: field.text({ maxLength: 32 }),
  url: field.text({ maxLength: 200 }),
  expiresAt: field.datetime().optional(),
};

/** `POST /api/uploads/links`. */
export function registerLinkRoutes(http: FastifyInstance, { links }: { links: LinkService }): void {
  const schema = {
    summary: 'Links to files, private ones among them: those that the caller may load',
    tags: ['uploads'],
    body: inputSchema(request, { partial: false }),
    response: { 200: answerSchema({ items: field.list(field.object(link), { maxItems: MAX_IDS }) }) },
  };
  const config = { auth: 'optional' } as const;
  http.post('/api/uploads/links', { config, schema }, async (incoming, reply) => {
    const { ids } = checkedBody(incoming, request);
    const answer: UploadLinksAnswer = { items: await links.linksTo(incoming.identity, ids) };
    return reply.header('cache-control', 'no-store').send(answer);
  });
}
