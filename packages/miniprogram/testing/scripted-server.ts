import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Travels as JSON; a string as it is. */
  readonly body?: unknown;
}

/** What a test's server does with a request: an answer, `'cut'` for a cut connection, `'never'` for silence. */
export type Script = (request: SeenRequest) => ScriptedAnswer | 'cut' | 'never';

/** A real HTTP server that answers as a test tells it and remembers what it was asked. */
export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const asked = { method, path: url, headers, text: Buffer.concat(chunks).toString('utf8') };
      seen.push(asked);
      give(script(asked), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The error body of every Maque server. */
export function errorAnswer(
  status: number,
  code: string,
  headers: Record<string, string> = {},
): ScriptedAnswer {
  return { status, headers, body: { error: { code, message: `about ${code}`, requestId: 'r-7' } } };
}

function give(answer: ReturnType<Script>, response: ServerResponse): void {
  if (answer === 'never') return;
  if (answer === 'cut') return void response.destroy();
  const { status = 200, headers = {}, body } = answer;
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  response.end(isText || body === undefined ? body : JSON.stringify(body));
}
