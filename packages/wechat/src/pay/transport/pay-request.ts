import type { PayApiFacts } from '../pay-api-facts.ts';
import type { SignedMessage } from '../signature/verify.ts';

/** One call of WeChat Pay. Each one made here may be repeated: it only reads, or its number keeps it from being done twice. */
export interface PayRequest {
  readonly api: PayApiFacts;
  /** What stands in the path's `{placeholders}`, and what is left of it: the query. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Values that must never be seen in an error, should WeChat Pay echo them. */
  readonly secrets?: readonly string[];
}

/** An answer as it came in, whatever it says. */
export interface PayAnswer extends SignedMessage {
  readonly httpStatus: number;
  readonly body: Buffer;
  readonly requestId: string | null;
}

/** The path with its placeholders filled in and the query, encoded as they are sent and signed. */
export function pathAndQuery({ api, parameters = {} }: Pick<PayRequest, 'api' | 'parameters'>): string {
  const query = new URLSearchParams(parameters);
  const path = api.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    query.delete(name);
    // `|` and `*` are allowed in numbers; the first is encoded in a path, the second is not.
    return encodeURIComponent(parameters[name] ?? '');
  });
  return query.size === 0 ? path : `${path}?${query}`;
}
