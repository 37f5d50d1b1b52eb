import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import { alertErrors } from '../alert-errors.ts';
import type { AlertMessage } from '../alert-message.ts';
import type { Channel } from '../channel.ts';
import { isLoopback, readAddress } from './address.ts';
import { withoutSecrets } from './without-secrets.ts';

/** E-mail through a mail server, with nodemailer, which an app brings along itself. */
export interface EmailOptions {
  readonly type: 'email';
  /**
   * `smtps://user:password@smtp.example.com` (port 465), or `smtp://…` (587), which goes over to TLS before it says
   * anything. What is no letter or digit in a password is escaped: `%40` for `@`.
   */
  readonly smtp: string;
  readonly to: readonly string[];
  /** The user of the mail server unless told. */
  readonly from?: string;
}

const EXPECTED = 'smtps://user:password@host and addresses such as ops@example.com';
const CONNECT_TIMEOUT_MS: Milliseconds = 8 * SECOND;
const REASON_CHARACTERS = 200;

/** @throws CodedError ALERT_ADDRESS_INVALID. */
export function createEmail({ smtp, to, from }: EmailOptions): Channel {
  const url = readAddress('email', smtp, EXPECTED, ['smtps:', 'smtp:']);
  const user = decode(url.username);
  const password = decode(url.password);
  const sender = from ?? user;
  if (!Array.isArray(to) || to.length === 0 || ![sender, ...to].every(isMailAddress)) {
    throw alertErrors.ALERT_ADDRESS_INVALID({ data: { channel: 'email', expected: EXPECTED } });
  }
  const server = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (url.protocol === 'smtps:' ? 465 : 587) : Number(url.port),
    secure: url.protocol === 'smtps:',
    requireTLS: !isLoopback(url),
    // A mail server on this machine has the certificate that its package came with.
    ignoreTLS: isLoopback(url),
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return {
    name: 'email',
    // Mailboxes of small plans take some dozens an hour before they think of spam.
    limits: [
      { count: 5, windowMs: MINUTE },
      { count: 40, windowMs: 60 * MINUTE },
    ],
    async send({ title, text }: AlertMessage, signal) {
      const { createTransport } = await loadNodemailer();
      const transport = createTransport(server);
      try {
        await transport.sendMail({ from: sender, to: [...to], subject: title, text, signal });
      } catch (error) {
        throw signal.aborted ? unreachable('no answer in time') : faultOf(error, [password]);
      } finally {
        transport.close();
      }
    },
  };
}

/** @throws CodedError ALERT_EMAIL_UNAVAILABLE. */
async function loadNodemailer(): Promise<typeof import('nodemailer')> {
  try {
    return await import('nodemailer');
  } catch (cause) {
    throw alertErrors.ALERT_EMAIL_UNAVAILABLE({ cause });
  }
}

interface MailError {
  readonly code?: string;
  /** What the server said, if it said anything. */
  readonly responseCode?: number;
  readonly response?: string;
}

/** A server that answers 5xx means it (a wrong password tried again and again locks the account); 4xx means later. */
function faultOf(error: unknown, secrets: readonly string[]): Error {
  const { code, responseCode, response } = error as MailError;
  const words = response ?? code ?? 'unknown';
  const reason = withoutSecrets(words.replace(/\s+/g, ' ').slice(0, REASON_CHARACTERS), secrets);
  const isFinal =
    (responseCode ?? 0) >= 500 || code === 'EAUTH' || code === 'ENOAUTH' || code === 'EENVELOPE';
  return isFinal ? alertErrors.ALERT_REFUSED({ data: { channel: 'email', reason } }) : unreachable(reason);
}

function unreachable(reason: string): Error {
  return alertErrors.ALERT_UNREACHABLE({ data: { channel: 'email', reason } });
}

function isMailAddress(text: string): boolean {
  return /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(text);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
