import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { AdminClaimRequest, AdminLoginAnswer, AdminLoginRequest, SystemStatus } from '@maque/contract';

/** At least as strict as the server's own: nothing inline, nobody else's code, no talk with other hosts. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface FixtureOptions {
  /** The built console. */
  readonly dist: string;
  readonly name: string;
  readonly password: string;
  /** The one-time link that still works. */
  readonly link: string;
  /** The report to answer with; called for each question. */
  status(): SystemStatus;
}

/** A small real HTTP server that serves the built console and plays the admin API with the wire's shapes. */
export class FixtureServer {
  readonly #options: FixtureOptions;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #tokens = new Set<string>();
  #links: Set<string>;
  /** Closes connections without an answer while set. */
  silent = false;
  statusQuestions = 0;
  /** The code of the authenticator; none is asked for while there is none. */
  totp: string | undefined;

  constructor(options: FixtureOptions) {
    this.#options = options;
    this.#links = new Set([options.link]);
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Ends every session, as a server does whose admin was locked out elsewhere. */
  endSessions(): void {
    this.#tokens.clear();
  }

  get sessions(): number {
    return this.#tokens.size;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.silent) return void request.socket.destroy();
    const url = new URL(request.url ?? '/', 'http://fixture');
    if (url.pathname.startsWith('/_/')) return this.#serveFile(url.pathname.slice(3), response);
    const body = request.method === 'POST' ? await readBody(request) : '';
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    switch (`${request.method} ${url.pathname}`) {
      case 'POST /api/admin/claim':
        return this.#claim(JSON.parse(body) as AdminClaimRequest, response);
      case 'POST /api/admin/login':
        return this.#login(JSON.parse(body) as AdminLoginRequest, response);
      case 'POST /api/admin/logout':
        this.#tokens.delete(token);
        response.statusCode = 204;
        return void response.end();
      case 'GET /api/admin/status':
        this.statusQuestions += 1;
        if (!this.#tokens.has(token)) return fail(response, 401, 'TOKEN_INVALID');
        return send(response, 200, this.#options.status());
      default:
        return fail(response, 404, 'NOT_FOUND');
    }
  }

  #claim(request: AdminClaimRequest, response: ServerResponse): void {
    if (this.#links.delete(request.link)) send(response, 200, this.#enter(request.name));
    else fail(response, 401, 'ADMIN_LINK_INVALID');
  }

  #login(request: AdminLoginRequest, response: ServerResponse): void {
    const { name, password } = this.#options;
    const isRight = request.name === name && request.password === password;
    if (!isRight) fail(response, 401, 'ADMIN_CREDENTIALS_WRONG');
    else if (request.totp === this.totp) send(response, 200, this.#enter(name));
    else fail(response, 401, request.totp === undefined ? 'TOTP_REQUIRED' : 'TOTP_WRONG');
  }

  #enter(name: string): AdminLoginAnswer {
    const token = `token-${crypto.randomUUID()}`;
    this.#tokens.add(token);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    return { token, expiresAt, name, roles: ['admin'], mustSetUpTotp: false };
  }

  #serveFile(path: string, response: ServerResponse): void {
    const file = path === '' ? 'index.html' : path;
    response.setHeader('content-type', contentTypes[extname(file)] ?? 'application/octet-stream');
    response.setHeader('content-security-policy', contentSecurityPolicy);
    try {
      response.end(readFileSync(join(this.#options.dist, file)));
    } catch {
      fail(response, 404, 'NOT_FOUND');
    }
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, code: string): void {
  send(response, status, { error: { code, message: code.toLowerCase(), requestId: 'r-1' } });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
