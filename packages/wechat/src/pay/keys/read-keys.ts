import { createPrivateKey, createPublicKey, createSecretKey, KeyObject } from 'node:crypto';
import { type CodedError, defineErrors } from '@maque/kit';

// WeChat Pay issues RSA keys of 2048 bits; `WECHATPAY2-SHA256-RSA2048` names them.
const MIN_KEY_BITS = 2048;

/** What can be wrong with the keys an operator hands over. None of them quotes a key. */
export const payKeyErrors = defineErrors({
  WECHAT_PAY_KEY_UNREADABLE: {
    status: 500,
    message: {
      en: "The merchant's private key cannot be read: the text of apiclient_key.pem is expected, from -----BEGIN PRIVATE KEY----- on",
      zh: '无法读取商户私钥：应为 apiclient_key.pem 的内容，以 -----BEGIN PRIVATE KEY----- 开头',
    },
  },
  WECHAT_PAY_KEY_NOT_PRIVATE: {
    status: 500,
    message: {
      en: 'This is a certificate or a public key; the private key is expected, the one in apiclient_key.pem',
      zh: '这是证书或公钥；应为 apiclient_key.pem 中的私钥',
    },
  },
  WECHAT_PAY_KEY_TOO_SHORT: {
    status: 500,
    message: {
      en: 'An RSA key of at least 2048 bits is expected; this one is {found}',
      zh: '应为至少 2048 位的 RSA 密钥，实际为 {found}',
    },
  },
  WECHAT_PAY_PUBLIC_KEY_UNREADABLE: {
    status: 500,
    message: {
      en: 'The WeChat Pay public key cannot be read: the text of pub_key.pem is expected, from -----BEGIN PUBLIC KEY----- on',
      zh: '无法读取微信支付公钥：应为 pub_key.pem 的内容，以 -----BEGIN PUBLIC KEY----- 开头',
    },
  },
  WECHAT_PAY_PUBLIC_KEY_WRONG_FILE: {
    status: 500,
    message: {
      en: "This is {found}; WeChat Pay's public key is expected, the one in pub_key.pem",
      zh: '这是{found}；应为 pub_key.pem 中的微信支付公钥',
    },
  },
  WECHAT_PAY_API_V3_KEY_WRONG: {
    status: 500,
    message: {
      en: 'The APIv3 key must be 32 characters (letters and digits); this one has {length}',
      zh: 'APIv3 密钥应为 32 个字符（字母与数字），实际为 {length} 个',
    },
  },
});

/**
 * The merchant's private key, which signs our calls: the text of `apiclient_key.pem`, or the key itself.
 * @throws CodedError of {@link payKeyErrors} when it is another file, no RSA key, or too short.
 */
export function readMerchantKey(key: string | KeyObject): KeyObject {
  if (key instanceof KeyObject) {
    if (key.type !== 'private') throw payKeyErrors.WECHAT_PAY_KEY_NOT_PRIVATE();
    return requireRsa(key);
  }
  if (/-----BEGIN (CERTIFICATE|(RSA )?PUBLIC KEY)-----/.test(key)) {
    throw payKeyErrors.WECHAT_PAY_KEY_NOT_PRIVATE();
  }
  return requireRsa(parsed(() => createPrivateKey(key), payKeyErrors.WECHAT_PAY_KEY_UNREADABLE));
}

/**
 * WeChat Pay's public key, which verifies what it signs: the text of `pub_key.pem`, or the key itself.
 * @throws CodedError of {@link payKeyErrors} when it is another file, such as the merchant's certificate or private key.
 */
export function readPlatformPublicKey(key: string | KeyObject): KeyObject {
  if (key instanceof KeyObject) {
    if (key.type !== 'public') throw wrongPublicKeyFile('a private key', '私钥');
    return requireRsa(key);
  }
  // Node would take the public half of either without a word; then no answer of WeChat Pay would ever verify.
  if (key.includes('PRIVATE KEY-----')) throw wrongPublicKeyFile('a private key', '私钥');
  if (key.includes('-----BEGIN CERTIFICATE-----')) throw wrongPublicKeyFile('a certificate', '证书');
  return requireRsa(parsed(() => createPublicKey(key), payKeyErrors.WECHAT_PAY_PUBLIC_KEY_UNREADABLE));
}

/**
 * The APIv3 key, which opens what WeChat Pay encrypts: exactly the bytes of 32 ASCII characters.
 * @throws CodedError of {@link payKeyErrors} otherwise.
 */
export function readApiV3Key(text: string): KeyObject {
  if (!/^[\x21-\x7e]{32}$/.test(text)) {
    throw payKeyErrors.WECHAT_PAY_API_V3_KEY_WRONG({ data: { length: text.length } });
  }
  // As a KeyObject it is neither printed by `inspect` nor written by `JSON.stringify`.
  return createSecretKey(text, 'ascii');
}

function parsed(parse: () => KeyObject, failure: () => CodedError): KeyObject {
  try {
    return parse();
  } catch {
    // OpenSSL's own words name neither the file nor the remedy, and could quote what was parsed.
    throw failure();
  }
}

function wrongPublicKeyFile(en: string, zh: string): CodedError {
  return payKeyErrors.WECHAT_PAY_PUBLIC_KEY_WRONG_FILE({ data: { found: { en, zh } } });
}

function requireRsa(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa') {
    throw payKeyErrors.WECHAT_PAY_KEY_TOO_SHORT({ data: { found: key.asymmetricKeyType ?? 'unknown' } });
  }
  if (bits < MIN_KEY_BITS) throw payKeyErrors.WECHAT_PAY_KEY_TOO_SHORT({ data: { found: `${bits} bits` } });
  return key;
}
