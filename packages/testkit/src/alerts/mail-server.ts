import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** A mail server on loopback with one mailbox user. Gone when its scope ends. */
export interface MailServer extends AsyncDisposable {
  /** What an operator writes: the address with user and password. */
  readonly url: string;
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
}

export interface MailServerOptions {
  readonly user?: string;
  readonly password?: string;
  /** Answers this to each message instead of taking it, e.g. 452. */
  readonly refuseWith?: number;
}

export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { user = 'ops@example.com', password = 'p@ss word', refuseWith } = options;
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    // Whatever a test sends is a few lines.
    size: 1024 * 1024,
    onAuth(auth, _session, done) {
      const isRight = auth.username === user && auth.password === password;
      if (isRight) done(null, { user });
      else
        done(
          Object.assign(new Error(`no such login: ${auth.username} ${auth.password}`), { responseCode: 535 }),
        );
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refuseWith !== undefined) {
          done(Object.assign(new Error('mailbox busy'), { responseCode: refuseWith }));
          return;
        }
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ from, to, ...parseMail(Buffer.concat(chunks).toString()) });
        done();
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    port,
    mails,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** Reads what one text message of nodemailer has: encoded words in the subject, base64 or quoted-printable below. */
function parseMail(raw: string): Pick<ReceivedMail, 'subject' | 'text'> {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const headers = head.replace(/\r\n[ \t]+/g, ' ');
  const body = rest.join('\r\n\r\n');
  const encoding = /^content-transfer-encoding: *(\S+)/im.exec(headers)?.[1]?.toLowerCase();
  const subject = /^subject: *(.*)$/im.exec(headers)?.[1] ?? '';
  const text =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString()
      : encoding === 'quoted-printable'
        ? unquote(body.replace(/=\r\n/g, ''))
        : body;
  return { subject: decodeWords(subject), text: text.replaceAll('\r\n', '\n').trimEnd() };
}

function decodeWords(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([BQ])\?(.*?)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString()
        : unquote(word.replaceAll('_', ' ')),
    );
}

function unquote(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
