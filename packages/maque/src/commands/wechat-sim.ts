import type { Command } from '../cli/command.ts';

export const wechatSimCommand: Command = {
  name: 'wechat-sim',
  summary: { en: 'Run the WeChat simulator by itself', zh: '单独运行微信模拟器' },
  mostArguments: 0,
  options: {
    port: {
      type: 'string',
      placeholder: '<port>',
      meaning: { en: 'Loopback port; 8082 or the next free one', zh: '本机端口；默认 8082 起第一个空闲端口' },
    },
    'app-id': {
      type: 'string',
      placeholder: '<id>',
      meaning: { en: 'AppID that it knows', zh: '它认识的 AppID' },
    },
    secret: {
      type: 'string',
      placeholder: '<secret>',
      meaning: { en: 'AppSecret that it accepts', zh: '它接受的 AppSecret' },
    },
    server: {
      type: 'string',
      placeholder: '<url>',
      meaning: {
        en: 'Server that pushes and payments are reported to; http://127.0.0.1:8080',
        zh: '接收推送和支付通知的服务；默认 http://127.0.0.1:8080',
      },
    },
    'push-url': {
      type: 'string',
      placeholder: '<url>',
      meaning: {
        en: 'Where pushes go instead of /api/wechat/push of the server',
        zh: '推送地址；默认为该服务的 /api/wechat/push',
      },
    },
    'push-token': {
      type: 'string',
      placeholder: '<token>',
      meaning: {
        en: 'Token of message push, 3 to 32 letters or digits; a new one',
        zh: '消息推送的 Token,3–32 位字母或数字；默认随机生成',
      },
    },
    'push-aes-key': {
      type: 'string',
      placeholder: '<key>',
      meaning: {
        en: 'EncodingAESKey of message push, 43 letters or digits; a new one',
        zh: '消息推送的 EncodingAESKey，43 位字母或数字；默认随机生成',
      },
    },
    'push-mode': {
      type: 'string',
      placeholder: '<plain|compatible|safe>',
      meaning: { en: 'Whether pushes are encrypted; safe', zh: '推送加密方式；默认 safe（安全模式）' },
    },
    'push-format': {
      type: 'string',
      placeholder: '<json|xml>',
      meaning: { en: 'Format of pushes; json', zh: '推送数据格式；默认 json' },
    },
    'mch-id': {
      type: 'string',
      placeholder: '<number>',
      meaning: { en: 'Merchant number of WeChat Pay; 1900000001', zh: '微信支付商户号；默认 1900000001' },
    },
    keys: {
      type: 'string',
      placeholder: '<folder>',
      meaning: {
        en: "Folder for the merchant's keys, kept for the next run; a temporary one",
        zh: '存放商户密钥的目录，下次运行沿用；默认用临时目录',
      },
    },
  },
  run: async (invocation) => (await import('../wechat/run-simulator.ts')).runSimulator(invocation),
};
