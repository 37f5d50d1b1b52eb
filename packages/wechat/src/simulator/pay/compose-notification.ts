import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { MINUTE } from '@maque/kit';
import { createRsaKey } from './merchant-keys.ts';
import type { Forgery } from './pay-behaviour.ts';
import { type PayKeyring, signBase64, signedText } from './pay-keyring.ts';
import { sealResource } from './seal-resource.ts';
import { createRequestId, signMessage } from './sign-message.ts';

/** What WeChat has to tell, before it is encrypted. */
export interface NoticeContent {
  /** `EV-…`, the same at every try. */
  readonly id: string;
  /** RFC 3339. */
  readonly createTime: string;
  /** `TRANSACTION.SUCCESS`, `REFUND.SUCCESS` … */
  readonly eventType: string;
  readonly originalType: 'transaction' | 'refund';
  readonly summary: string;
  readonly resource: NoticeResource;
}

/** The transaction or the refund as the merchant will read it. */
export type NoticeResource = Readonly<Record<string, unknown>> & {
  readonly amount: Readonly<Record<string, unknown>>;
};

/** A notification, ready to be sent. */
export interface SignedNotification {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

type SigningKey = PayKeyring['publicKey'];

/** Encrypts and signs. @param told ms since the epoch: what WeChat says the time is. */
export function composeNotification(
  content: NoticeContent,
  apiV3Key: string,
  { serial, key }: SigningKey,
  told: number,
): SignedNotification {
  const { originalType } = content;
  const sealed = sealResource(apiV3Key, JSON.stringify(content.resource), originalType);
  const body = Buffer.from(
    JSON.stringify({
      id: content.id,
      create_time: content.createTime,
      resource_type: 'encrypt-resource',
      event_type: content.eventType,
      summary: content.summary,
      resource: { original_type: originalType, ...sealed },
    }),
  );
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Mozilla/4.0',
    'request-id': createRequestId(0),
    ...signMessage(body, { serial, key, atMs: told }),
  };
  return { body, headers };
}

/** The same notification with something wrong with it, as somebody might send it who wants goods for nothing. */
export function forgeNotification(
  kind: Forgery,
  content: NoticeContent,
  apiV3Key: string,
  signing: SigningKey,
  told: number,
): SignedNotification {
  const compose = (changed: Partial<{ content: NoticeContent; signing: SigningKey; told: number }>) =>
    composeNotification(
      changed.content ?? content,
      apiV3Key,
      changed.signing ?? signing,
      changed.told ?? told,
    );
  switch (kind) {
    case 'wrong-key':
      return compose({ signing: { serial: signing.serial, key: foreignKey() } });
    case 'changed-body':
      return changeOneByte(compose({}));
    case 'old-timestamp':
      return compose({ told: told - 6 * MINUTE });
    case 'sign-test':
      return withHeaders(compose({}), () => ({
        'wechatpay-signature': `WECHATPAY/SIGNTEST/${randomBytes(238).toString('base64')}`,
      }));
    case 'wrong-serial':
      return compose({
        signing: { serial: randomBytes(20).toString('hex').toUpperCase(), key: signing.key },
      });
    case 'downgraded-algorithm':
      return withHeaders(compose({}), ({ body, headers }) => ({
        'wechatpay-signature-type': 'WECHATPAY2-SHA1-RSA2048',
        'wechatpay-signature': signBase64(
          signedText(headers['wechatpay-timestamp'] ?? '', headers['wechatpay-nonce'] ?? '', body),
          signing.key,
          'RSA-SHA1',
        ),
      }));
    case 'wrong-amount':
      return compose({
        content: { ...content, id: createNoticeId(), resource: oneFenMore(content.resource) },
      });
  }
}

/** `EV-` and 32 hexadecimal digits. */
export function createNoticeId(): string {
  return `EV-${randomBytes(16).toString('hex')}`;
}

function withHeaders(
  message: SignedNotification,
  change: (message: SignedNotification) => Readonly<Record<string, string>>,
): SignedNotification {
  return { body: message.body, headers: { ...message.headers, ...change(message) } };
}

/** The last digit of the notification's id: still JSON, still of the right shape. */
function changeOneByte({ body, headers }: SignedNotification): SignedNotification {
  const changed = Buffer.from(body);
  const place = changed.indexOf('",');
  changed[place - 1] = (changed[place - 1] ?? 0) ^ 1;
  return { body: changed, headers };
}

function oneFenMore(resource: NoticeResource): NoticeResource {
  const amount = Object.fromEntries(
    Object.entries(resource.amount).map(([name, value]) => [
      name,
      typeof value === 'number' ? value + 1 : value,
    ]),
  );
  return { ...resource, amount };
}

let foreign: KeyObject | undefined;

/** A key of somebody else. One is enough: no server can know it. */
function foreignKey(): KeyObject {
  foreign ??= createPrivateKey(createRsaKey());
  return foreign;
}
