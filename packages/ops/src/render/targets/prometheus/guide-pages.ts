import type { Text } from '@maque/kit';

function page(name: string, enPart = '', zhPart = ''): Text {
  const at = (language: string, part: string) =>
    `docs/guide/${language}/${name}.md${part === '' ? '' : `#${part}`}`;
  return { en: at('en', enPart), zh: at('zh-CN', zhPart) };
}

/** The pages that an alert sends to. */
export const GUIDE = {
  afterKill: page('after-a-kill'),
  alerts: page('alerts'),
  backups: page('backups'),
  budget: page('memory-budget'),
  doctor: page('doctor'),
  leaks: page('finding-leaks'),
  lists: page('collections'),
  operations: page('operations'),
  payments: page('payments'),
  wechat: page('login-and-wechat'),
  workers: page('keeping-workers'),
} as const satisfies Readonly<Record<string, Text>>;
