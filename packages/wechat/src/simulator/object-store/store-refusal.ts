import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ObjectStoreKind } from '../../object-store/index.ts';

/** Why the store does not do what it is asked, in the words that all three have in common. */
export class StoreRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function accessDenied(message: string): StoreRefusal {
  return new StoreRefusal(403, 'AccessDenied', message);
}

export function signatureWrong(): StoreRefusal {
  const message = 'The request signature we calculated does not match the signature you provided.';
  return new StoreRefusal(403, 'SignatureDoesNotMatch', message);
}

/** What the headers of a store are called: `x-cos-request-id`. */
export const HEADER_PREFIX: Readonly<Record<ObjectStoreKind, string>> = {
  cos: 'x-cos-',
  oss: 'x-oss-',
  s3: 'x-amz-',
};

export function newRequestId(): string {
  return randomBytes(12).toString('hex').toUpperCase();
}

/** Answers as the stores do: XML, but nothing to HEAD. */
export function sendRefusal(response: ServerResponse, refusal: StoreRefusal, requestId: string): void {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${refusal.code}</Code>\n  <Message>${escapeXml(refusal.message)}</Message>\n  <RequestId>${requestId}</RequestId>\n</Error>\n`;
  response.writeHead(refusal.status, {
    ...refusal.headers,
    'content-type': 'application/xml',
    // What is left of the body is not read.
    connection: 'close',
  });
  response.end(response.req.method === 'HEAD' ? undefined : xml);
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
