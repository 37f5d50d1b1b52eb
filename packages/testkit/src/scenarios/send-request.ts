import { type IncomingHttpHeaders, request as startRequest } from 'node:http';

export interface HttpRequest {
  readonly method?: string;
  /** Sent to the letter: no client tidies `..` or encodes anything. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** `name: value` lines. */
  readonly headerLines: string;
  readonly bytes: Buffer;
  readonly text: string;
  /** The text as JSON. @throws SyntaxError */
  json<T>(): T;
}

/** Sends one request on a connection of its own and reads the whole answer, also when it comes before all was sent. */
export function sendRequest(baseUrl: string, options: HttpRequest): Promise<HttpAnswer> {
  const { hostname, port } = new URL(baseUrl);
  const { method = 'GET', path, body } = options;
  const bytes = bodyBytes(body);
  const headers = { ...bodyHeaders(bytes, options.headers ?? {}), ...options.headers };
  return new Promise((resolve, reject) => {
    const request = startRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const all = Buffer.concat(chunks);
        const text = all.toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          headerLines: linesOf(response.rawHeaders),
          bytes: all,
          text,
          json: () => JSON.parse(text),
        });
      });
      response.on('error', reject);
    });
    // A server that refuses a large body answers and closes while it is still being sent: the answer counts.
    request.on('error', (error) => setTimeout(reject, 100, error));
    request.end(bytes);
  });
}

function bodyHeaders(bytes: Buffer | undefined, given: Readonly<Record<string, string>>) {
  if (bytes === undefined) return {};
  const type = { 'content-type': 'application/json' };
  return 'transfer-encoding' in given ? type : { ...type, 'content-length': String(bytes.length) };
}

function bodyBytes(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

function linesOf(rawHeaders: readonly string[]): string {
  const lines: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]?.toLowerCase()}: ${rawHeaders[index + 1]}`);
  }
  return lines.join('\n');
}
