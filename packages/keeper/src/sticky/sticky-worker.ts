import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { beginsSession, sessionOfAnswer } from './session-id.ts';

const LISTENING = 'tracing:net.server.listen:asyncEnd';
const REQUEST_BEGINS = 'http.server.request.start';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * A worker's part in sticky sessions: puts back what the keeper has read of a connection, and tells it of the sessions
 * that begin here.
 */
export function joinStickySessions(announce: (session: string) => void): void {
  let head: Buffer | undefined;
  // Before node:cluster, which makes a connection of it in the same turn.
  process.prependListener('internalMessage', (message: { act?: unknown; head?: unknown }) => {
    if (message.act !== 'newconn') return;
    head = typeof message.head === 'string' ? Buffer.from(message.head, 'base64') : undefined;
  });
  const putBack = (socket: Socket) => {
    if (head !== undefined && head.length > 0) socket.unshift(head);
    head = undefined;
  };
  subscribe(LISTENING, (message) => {
    const { server } = message as { readonly server: Server };
    if (!server.listeners('connection').includes(putBack)) server.prependListener('connection', putBack);
  });
  subscribe(REQUEST_BEGINS, (message) => {
    const { request, response } = message as Exchange;
    if (beginsSession(request.url ?? '')) hearFirstChunk(response, announce);
  });
}

/** Looks at the first chunk of one answer, on its way out. */
function hearFirstChunk(response: ServerResponse, announce: (session: string) => void): void {
  const loose = response as { write(...args: unknown[]): boolean; end(...args: unknown[]): unknown };
  const { write, end } = loose;
  const look = (chunk: unknown) => {
    Object.assign(loose, { write, end });
    const session = sessionOfAnswer(chunk);
    if (session !== null) announce(session);
  };
  loose.write = (...args) => {
    look(args[0]);
    return Reflect.apply(write, response, args);
  };
  loose.end = (...args) => {
    look(args[0]);
    return Reflect.apply(end, response, args);
  };
}
