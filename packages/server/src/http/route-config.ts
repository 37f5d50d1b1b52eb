import type {} from 'fastify';
import type { Identity, RouteAuth } from '../ports/identity.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. Every route states it; one that does not keeps the server from starting. */
    auth?: RouteAuth;
    /** Of a route that is `optional` because whoever has one of these roles may call it, of all kinds. */
    roles?: readonly string[];
    /** How long it takes is up to the client, who sends or reads a file: no measure of how busy the server is. */
    streams?: true;
    /** Open also to a member of staff who has to set up an authenticator before anything else. */
    beforeTotp?: true;
    /** It shows personal data: that staff has looked is recorded, as what they change is. */
    audit?: true;
  }
  interface FastifyRequest {
    /** Set before any handler runs; on a `user` or `admin` route its kind is what the route demands. */
    identity: Identity;
  }
  interface FastifySchema {
    /** One line for `/openapi.json`. */
    summary?: string;
    /** Groups routes in `/openapi.json`. */
    tags?: readonly string[];
    /** The content type of the body for `/openapi.json`; JSON unless told. */
    consumes?: string;
  }
}

export const ANONYMOUS: Identity = Object.freeze({ kind: 'anonymous' });
