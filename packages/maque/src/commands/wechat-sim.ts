import type { Command } from '../cli/command.ts';

export const wechatSimCommand: Command = {
  name: 'wechat-sim',
  summary: { en: 'Run the WeChat simulator by itself', zh: '单独运行微信模拟器' },
  mostArguments: 0,
  options: {
    port: {
      type: 'string',
      placeholder: '<port>',
      meaning: { en: 'Loopback port; 8082 or the next free one', zh: '本机端口;默认 8082 起第一个空闲端口' },
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
  },
  run: async (invocation) => (await import('../wechat/run-simulator.ts')).runSimulator(invocation),
};
