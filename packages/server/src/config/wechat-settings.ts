import type { SettingsTable } from '@maque/kit';

/** Settings of WeChat, beside those of login in `settings-table.ts`. */
export const wechatSettings = {
  wechatTokenMode: {
    type: 'string',
    env: 'MAQUE_WECHAT_TOKEN_MODE',
    choices: ['stable', 'legacy'],
    default: 'stable',
    reason:
      'of the two endpoints only this one lets several servers share an AppID without breaking each other',
    meaning: {
      en: 'Which access token is used; legacy only where WeChat does not grant the stable one',
      zh: '使用哪种接口调用凭证；仅当账号无法使用稳定版时才用 legacy',
    },
  },
  pushToken: {
    type: 'string',
    env: 'MAQUE_WECHAT_PUSH_TOKEN',
    secret: true,
    meaning: {
      en: "Token of message push, as in WeChat's console; without it nothing is received",
      zh: '消息推送的 Token，与微信后台一致；未设置则不接收推送',
    },
  },
  pushAesKey: {
    type: 'string',
    env: 'MAQUE_WECHAT_PUSH_AES_KEY',
    secret: true,
    meaning: {
      en: 'EncodingAESKey of message push, 43 characters; with it only encrypted messages are believed',
      zh: '消息推送的 EncodingAESKey（43 位）；设置后只接受加密消息',
    },
  },
  publicUrl: {
    type: 'string',
    env: 'MAQUE_PUBLIC_URL',
    meaning: {
      en: 'Where the world reaches this server, such as https://shop.example.com; WeChat Pay reports payments there',
      zh: '外网访问本服务的地址，例如 https://shop.example.com；微信支付向它通知支付结果',
    },
  },
  payMchId: {
    type: 'string',
    env: 'MAQUE_PAY_MCH_ID',
    meaning: {
      en: 'Merchant number of WeChat Pay; without it nobody can pay',
      zh: '微信支付商户号；未设置则不能支付',
    },
  },
  paySerial: {
    type: 'string',
    env: 'MAQUE_PAY_SERIAL',
    meaning: { en: 'Serial number of the merchant API certificate', zh: '商户 API 证书序列号' },
  },
  payKeyFile: {
    type: 'path',
    env: 'MAQUE_PAY_KEY_FILE',
    meaning: {
      en: "File of the merchant's private key (apiclient_key.pem), readable by nobody else",
      zh: '商户私钥文件（apiclient_key.pem），其他用户不可读',
    },
  },
  payApiV3Key: {
    type: 'string',
    env: 'MAQUE_PAY_API_V3_KEY',
    secret: true,
    meaning: { en: 'APIv3 key of the merchant, 32 characters', zh: '商户 APIv3 密钥（32 位）' },
  },
  payPublicKeyId: {
    type: 'string',
    env: 'MAQUE_PAY_PUBLIC_KEY_ID',
    meaning: {
      en: 'Id of the WeChat Pay public key (PUB_KEY_ID_…); without it platform certificates are fetched',
      zh: '微信支付公钥 ID(PUB_KEY_ID_…)；未设置则自动下载平台证书',
    },
  },
  payPublicKeyFile: {
    type: 'path',
    env: 'MAQUE_PAY_PUBLIC_KEY_FILE',
    meaning: { en: 'File of the WeChat Pay public key (pub_key.pem)', zh: '微信支付公钥文件（pub_key.pem）' },
  },
  payBaseUrl: {
    type: 'string',
    env: 'MAQUE_PAY_BASE_URL',
    default: 'https://api.mch.weixin.qq.com',
    reason: 'WeChat Pay; in dev the command puts the address of the simulator here when there is no merchant',
    meaning: { en: 'Where WeChat Pay answers', zh: '微信支付接口地址' },
  },
} as const satisfies SettingsTable;
