import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Identity } from '../../ports/index.ts';
import { addressOf } from '../sessions/session-origin.ts';
import type { AuditEntry } from './audit-log.ts';
import { type AuditActor, auditNoteOf } from './audit-note.ts';

/** Names of fields that one entry tells. */
const MOST_FIELDS = 32;
const MOST_DETAILS = 2_000;
/** Characters of an id: what its column takes. */
const MOST_TARGET = 64;
const TOO_MANY = 429;
/** What an answer to a create begins with. */
const CREATED_ID = /^\{"id":"([\w-]{1,64})"/;

export interface RecordActionsDeps {
  readonly audit: { record(entries: readonly AuditEntry[]): Promise<void> };
  readonly log: { error(facts: object, message: string): void };
}

/**
 * Records what members of staff do, whatever route they do it by: each request of theirs that may change something, and
 * those that show personal data (`config.audit`). It is written before the answer leaves, so nothing that somebody was
 * told is done is missing. To be called before the routes are registered.
 */
export function recordActions(http: FastifyInstance, { audit, log }: RecordActionsDeps): void {
  http.addHook('onRoute', (route) => {
    const isRead = ['GET', 'HEAD', 'OPTIONS'].includes(String(route.method));
    if (isRead && route.config?.audit !== true) return;
    const action = `${route.method} ${route.url}`;
    const isOfServer = route.url.startsWith('/api/admin/');
    route.onSend = [
      (request, reply, payload, done) => {
        const actor = auditNoteOf(request)?.actor ?? actorOf(request.identity, isOfServer);
        // One too many did nothing, and strangers who try a name could fill the log with them until all else is pushed out.
        if (actor === undefined || reply.statusCode === TOO_MANY) return done(null, payload);
        audit
          .record(entriesOf(request, actor, action, reply.statusCode, payload))
          .catch((err: unknown) =>
            log.error({ err, action, ...actor }, 'what staff did could not be recorded'),
          )
          .then(() => done(null, payload));
      },
      ...[route.onSend ?? []].flat(),
    ];
  });
}

/** What machines do to records is their daily work, and would bury what people do; what they do to the server counts. */
function actorOf(identity: Identity | null, isOfServer: boolean): AuditActor | undefined {
  if (identity?.kind === 'admin' || identity?.kind === 'staff')
    return { kind: 'staff', id: identity.adminId };
  return identity?.kind === 'machine' && isOfServer ? { kind: 'machine', id: identity.keyId } : undefined;
}

function entriesOf(
  request: FastifyRequest,
  actor: AuditActor,
  action: string,
  status: number,
  payload: unknown,
): readonly AuditEntry[] {
  const note = auditNoteOf(request);
  const parts = note?.parts ?? [
    {
      target: note?.target ?? targetOf(request, payload),
      details: note?.details ?? changedFields(request.body),
    },
  ];
  // Users are recorded only when they are forgotten: what stays is to lead to nobody.
  const ip = actor.kind === 'user' ? null : addressOf(request);
  return parts.map(({ target, details }) => ({
    ...{ actorKind: actor.kind, actorId: actor.id, action, status, ip, requestId: request.id },
    target: target?.slice(0, MOST_TARGET) ?? null,
    details: detailsOf(details),
  }));
}

/** The id in the address, or that of what was made; a large answer is compressed by now and does not tell it. */
function targetOf(request: FastifyRequest, payload: unknown): string | null {
  const { id } = request.params as { readonly id?: unknown };
  return typeof id === 'string' ? id : createdId(payload);
}

/** The id of what was created, by the JSON text that it was answered with; null where that is something else. */
function createdId(answer: unknown): string | null {
  return (typeof answer === 'string' && CREATED_ID.exec(answer)?.[1]) || null;
}

/** Which fields, not what they hold: that may be anything. */
export function changedFields(body: unknown): object | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  return { fields: Object.keys(body).slice(0, MOST_FIELDS) };
}

function detailsOf(details: object | undefined): string | null {
  if (details === undefined) return null;
  const text = JSON.stringify(details);
  return text.length <= MOST_DETAILS ? text : null;
}
