import type { Problems } from './problems.ts';
import type { WechatHandlers } from './wechat.ts';

const NAMES: readonly string[] = [
  'onPaid',
  'onClosed',
  'onRefunded',
  'onPush',
] satisfies (keyof WechatHandlers)[];

/** Checks that each handler has a name that is called: with another, money would come in and nobody be told. */
export function checkWechatHandlers(handlers: WechatHandlers, problems: Problems): void {
  for (const [name, handler] of Object.entries(handlers)) {
    const where = `wechat.${name}`;
    if (NAMES.includes(name)) {
      if (handler !== undefined && typeof handler !== 'function') problems.add('HANDLER_INVALID', where);
      continue;
    }
    problems.unknownHandler(name, NAMES, where);
  }
}
