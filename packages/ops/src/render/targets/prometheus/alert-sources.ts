import type { Text } from '@maque/kit';

/** Where limits come from that more than one rule has. */
export const SOURCES = {
  guard: {
    en: "The same limit as the guard's own alerts, which were tried on recorded leaks and on healthy look-alikes.",
    zh: '与哨兵自带告警的界限相同，后者在录制的泄漏与健康样本上验证过。',
  },
  doctor: {
    en: 'The same limit as the check-up by `maque doctor`.',
    zh: '与 `maque doctor` 体检的界限相同。',
  },
  event: {
    en: 'It must never happen, so once is enough.',
    zh: '这种事不应该发生，一次就要告警。',
  },
  plan: { en: 'The plan of this box.', zh: '来自这台机器的规划。' },
  wechat: {
    en: "WeChat's rules: a signature is good for five minutes, and quotas are counted by the day.",
    zh: '微信的规则：签名五分钟内有效，接口额度按天计算。',
  },
  custom: {
    en: 'Chosen: what users notice, with room for a bad minute.',
    zh: '经验取值：用户能察觉的程度，并容忍偶尔一分钟的波动。',
  },
} as const satisfies Readonly<Record<string, Text>>;
