import { defineErrors } from '@maque/kit';

/**
 * Why a push is not believed. The status is what its sender deserves; the message tells it nothing that helps to forge one.
 * After `WECHAT_PUSH_KEY_…` an operator has to act: the signature was right, so it came from WeChat.
 */
export const pushErrors = defineErrors({
  WECHAT_PUSH_MALFORMED: {
    status: 400,
    message: { en: 'This is not a push of WeChat: {reason}', zh: '这不是微信的消息推送：{reason}' },
  },
  WECHAT_PUSH_TOO_LARGE: {
    status: 413,
    message: { en: 'The push is larger than {maxBytes} bytes', zh: '推送内容超过 {maxBytes} 字节' },
  },
  WECHAT_PUSH_SIGNATURE_WRONG: {
    status: 403,
    message: {
      en: "The signature of the push is wrong: forged, or the Token is not the one in WeChat's console",
      zh: '推送签名有误：系伪造，或 Token 与微信后台不一致',
    },
  },
  WECHAT_PUSH_STALE: {
    status: 403,
    message: {
      en: 'The signed time of the push is {skewSeconds} s off: sent again by somebody, or the clock of this server is wrong',
      zh: '推送的签名时间相差 {skewSeconds} 秒：可能是重放，或本服务器时钟不准',
    },
  },
  WECHAT_PUSH_REPLAYED: {
    status: 403,
    message: {
      en: 'The signature was used before, for another message',
      zh: '该签名已用于另一条消息，疑似重放',
    },
  },
  WECHAT_PUSH_REPEATED: {
    status: 409,
    message: {
      en: 'This very push was taken before; there is nothing left to do',
      zh: '这条推送此前已接收，无需处理',
    },
  },
  WECHAT_PUSH_NOT_ENCRYPTED: {
    status: 403,
    message: {
      en: 'Only encrypted pushes are believed here, and this one is not',
      zh: '此处只接受加密推送，而该推送未加密',
    },
  },
  WECHAT_PUSH_KEY_MISSING: {
    status: 500,
    message: {
      en: "The push is encrypted, but this server has no EncodingAESKey; take it from WeChat's console",
      zh: '推送已加密，但本服务器未设置 EncodingAESKey；请从微信后台取得',
    },
  },
  WECHAT_PUSH_KEY_WRONG: {
    status: 500,
    message: {
      en: "The push cannot be decrypted: the EncodingAESKey is not the one in WeChat's console",
      zh: '推送无法解密：EncodingAESKey 与微信后台不一致',
    },
  },
  WECHAT_PUSH_APPID_MISMATCH: {
    status: 403,
    message: { en: 'The push is for another AppID', zh: '推送属于其他 AppID' },
  },
});

export type PushErrorCode = keyof typeof pushErrors;

/** The error for what does not look like a push. */
export function malformed(reason: string) {
  return pushErrors.WECHAT_PUSH_MALFORMED({ data: { reason } });
}
