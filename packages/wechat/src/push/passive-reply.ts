import { randomBytes } from 'node:crypto';
import { encryptPush } from './encrypt-push.ts';
import type { PushAccount, PushFields, PushMessage, ReceivedPush } from './push-message.ts';
import { type WrittenBody, writeBody } from './write-body.ts';

/**
 * What can be said to a user in the very answer to their message. Within 5 s, so for machines only; everything else goes
 * through `customerService`, for 48 hours. WeChat's pages for mini-programs confirm the transfer; texts and images are
 * those of official accounts, which its page on images to upload speaks of.
 */
export type PassiveReply =
  | { readonly kind: 'text'; readonly content: string }
  | { readonly kind: 'image'; readonly mediaId: string }
  /** To the people behind WeChat's own customer-service tools. */
  | { readonly kind: 'transfer' };

/** A reply as the answer to a push: in its format, and encrypted if it was. @param nowSeconds since the epoch. */
export function writeReply(
  account: PushAccount,
  received: ReceivedPush,
  reply: PassiveReply,
  nowSeconds: number,
): WrittenBody {
  const { format, encrypted } = received.delivery;
  const plain = writeBody(format, replyFields(reply, received, nowSeconds));
  if (!encrypted) return plain;
  const { encrypt, msgSignature, nonce } = encryptPush(account, plain.body, {
    timestamp: String(nowSeconds),
    nonce: randomBytes(8).toString('hex'),
  });
  return writeBody(format, {
    Encrypt: encrypt,
    MsgSignature: msgSignature,
    TimeStamp: nowSeconds,
    Nonce: nonce,
  });
}

function replyFields(reply: PassiveReply, received: PushMessage, nowSeconds: number): PushFields {
  const head = { ToUserName: received.fromUser, FromUserName: received.toUser, CreateTime: nowSeconds };
  switch (reply.kind) {
    case 'text':
      return { ...head, MsgType: 'text', Content: reply.content };
    case 'image':
      return { ...head, MsgType: 'image', Image: { MediaId: reply.mediaId } };
    case 'transfer':
      return { ...head, MsgType: 'transfer_customer_service' };
  }
}
