import { type Transport, TransportFault, type TransportRequest } from './transport.ts';

interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** What is needed of `fetch`, so that neither DOM nor Node types are. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    /** Text, or a form where a file is sent. */
    readonly body?: unknown;
    readonly signal: never;
  },
) => Promise<FetchAnswer>;

declare const fetch: Fetch;
declare const FormData: new () => { append(name: string, value: unknown): void };
declare const AbortSignal: { timeout(ms: number): never };

/** Carries requests through `fetch`: browsers, Node, other mini-program platforms that have it. */
export function createFetchTransport(fetchImplementation?: Fetch): Transport {
  return async (request) => {
    try {
      const answer = await (fetchImplementation ?? fetch)(request.url, {
        method: request.method,
        headers: { ...request.headers },
        ...bodyOf(request),
        signal: AbortSignal.timeout(request.timeoutMs),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        text,
        header: (name) => answer.headers.get(name) ?? undefined,
      };
    } catch (error) {
      const { name, message } = error as Error;
      throw new TransportFault(message, name === 'TimeoutError');
    }
  };
}

function bodyOf({ body, file, fields }: TransportRequest): { readonly body?: unknown } {
  if (file === undefined) return body === undefined ? {} : { body };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields ?? {})) form.append(name, value);
  form.append('file', file);
  return { body: form };
}
