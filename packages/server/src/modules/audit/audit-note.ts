import type { FastifyRequest } from 'fastify';

/** Who did something that is recorded. */
export interface AuditActor {
  readonly kind: 'staff' | 'machine' | 'user';
  readonly id: string;
}

/** What a route says of itself for the audit log, beside what every request tells. */
export interface AuditNote {
  /** Whoever it turned out to be, where no token tells. */
  readonly actor?: AuditActor;
  /** The id of what it is about, where the address does not tell. */
  readonly target?: string;
  /** Nothing secret and nothing personal. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Where one request is about several things: an entry for each, instead of one for all. */
  readonly parts?: readonly AuditPart[];
}

/** One of the things that a request is about. */
export interface AuditPart {
  /** Its id; null for what is not there yet. */
  readonly target: string | null;
  /** Nothing secret and nothing personal. */
  readonly details: Readonly<Record<string, unknown>>;
}

const notes = new WeakMap<FastifyRequest, AuditNote>();

/** Adds to what is recorded of a request. One that is noted with an actor is recorded whoever calls. */
export function noteAudit(request: FastifyRequest, note: AuditNote): void {
  notes.set(request, { ...notes.get(request), ...note });
}

export function auditNoteOf(request: FastifyRequest): AuditNote | undefined {
  return notes.get(request);
}
