import type { KeyObject } from 'node:crypto';
import type { Bytes, Clock } from '@maque/kit';
import { payFailure } from './errors/wechat-pay-error.ts';
import type { PayNotification, RawNotification } from './pay-types.ts';
import { type Reading, readRefund, readTransaction } from './read-answers.ts';
import { openResource, readResource } from './signature/open-resource.ts';
import { disbelieve, type FindKey } from './signature/verify.ts';
import type { PayFields } from './transport/read-fields.ts';
import { readObject } from './transport/read-refusal.ts';

const PATH = 'notification';

interface NotificationReader {
  readonly appId: string;
  readonly mchId: string;
  readonly apiV3Key: KeyObject;
  readonly maxBytes: Bytes;
  readonly clock: Clock;
  readonly findKey: FindKey;
}

/**
 * Verifies a notification and opens it, in this order: what it contains is looked at only once it is proved to be WeChat
 * Pay's. Decryption alone would be no proof.
 * @throws WechatPayError: `WECHAT_PAY_NOTIFICATION_REFUSED` when it is not to be believed, and others when it is but makes
 *   no sense here. Nothing may be changed then.
 */
export async function readNotification(
  raw: RawNotification,
  reader: NotificationReader,
): Promise<PayNotification> {
  if (raw.body.byteLength > reader.maxBytes) throw unreadable(`more than ${reader.maxBytes} bytes`);
  const header = (name: string) => {
    const value = raw.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const disbelief = await disbelieve({ header, body: raw.body }, reader.clock.now(), reader.findKey);
  if (disbelief !== undefined) {
    const { reason, text } = disbelief;
    throw payFailure('WECHAT_PAY_NOTIFICATION_REFUSED', PATH, { disbelief: reason, reason: text });
  }
  return openNotification(readObject(raw.body) ?? {}, reader);
}

function openNotification(fields: PayFields, reader: NotificationReader): PayNotification {
  const { id, event_type: eventType, resource } = fields;
  if (typeof id !== 'string' || id === '') throw unreadable('no id');
  if (typeof eventType !== 'string') throw unreadable('no event_type');
  const reading: Reading = { appId: reader.appId, mchId: reader.mchId, path: PATH };
  if (eventType.startsWith('TRANSACTION.')) {
    const transaction = readTransaction(openFields(resource, reader.apiV3Key), reading);
    return { kind: 'transaction', id, eventType, transaction };
  }
  if (eventType.startsWith('REFUND.')) {
    const refund = readRefund(openFields(resource, reader.apiV3Key), reading);
    return { kind: 'refund', id, eventType, refund };
  }
  return { kind: 'other', id, eventType };
}

function openFields(value: unknown, apiV3Key: KeyObject): PayFields {
  const resource = readResource(value);
  if (resource === undefined) throw unreadable('a resource that is not encrypted with AEAD_AES_256_GCM');
  const plain = openResource(resource, apiV3Key);
  // The signature was right, so no byte was changed: the key is another.
  if (plain === undefined) throw payFailure('WECHAT_PAY_MISCONFIGURED', PATH);
  const fields = readObject(plain);
  if (fields === undefined) throw unreadable('no JSON object inside');
  return fields;
}

function unreadable(found: string): Error {
  return payFailure('WECHAT_PAY_NOTIFICATION_UNREADABLE', PATH, { found });
}
