import type { ApiCall, ApiHandler } from '../api-handler.ts';
import { looksRisky } from '../content/marker-words.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { sentEvent } from './message-events.ts';
import type { SimulatorMessage } from './sent-messages.ts';
import { linesOf, type SimulatorTemplate } from './templates.ts';
import { faultOfValue } from './value-rules.ts';

const STATES = ['formal', 'trial', 'developer'] as const;
const LANGUAGES: ReadonlySet<unknown> = new Set(['zh_CN', 'en_US', 'zh_HK', 'zh_TW']);

/** `POST /cgi-bin/message/subscribe/send` */
export const handleSendMessage: ApiHandler = ({ body }, world) => {
  const { touser, template_id: templateId, lang = 'zh_CN' } = body;
  const user = typeof touser === 'string' ? world.users.find(touser) : undefined;
  if (user === undefined) throw new Refusal(40003);
  const template = typeof templateId === 'string' ? world.templates.find(templateId) : undefined;
  if (template === undefined) throw new Refusal(40037);
  const state = STATES.find((name) => name === (body.miniprogram_state ?? 'formal'));
  if (state === undefined || !LANGUAGES.has(lang)) throw new Refusal(40097);
  const lines = readLines(body.data, template);
  const page = readPage(body, world);
  if (lines.some(({ value }) => looksRisky(value))) throw new Refusal(45168);
  const { subscriptions } = world;
  const agreed =
    template.longTerm === true
      ? subscriptions.left(user.openid, template.id) > 0
      : subscriptions.take(user.openid, template.id);
  if (!agreed) throw new Refusal(43101);
  const message: SimulatorMessage = {
    id: world.messages.nextId(),
    at: new Date(world.clock.told()).toISOString(),
    to: user.name,
    openid: user.openid,
    templateId: template.id,
    title: template.title,
    lines,
    page,
    state,
  };
  world.messages.add(message);
  world.pusher.pushLater(sentEvent(message), user.openid);
  return { errcode: 0, errmsg: 'ok', msgid: Number(message.id) };
};

function readLines(data: unknown, template: SimulatorTemplate): SimulatorMessage['lines'] {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Refusal(47001);
  const fields = data as Readonly<Record<string, { readonly value?: unknown } | null | undefined>>;
  return linesOf(template).map(({ label, key }) => {
    const value = Object.hasOwn(fields, key) ? fields[key]?.value : undefined;
    const fault = faultOfValue(key, value, template.values?.[key]);
    if (fault !== null) throw new Refusal(47003, `argument invalid! ${fault}`);
    return { label, key, value: String(value) };
  });
}

/** The page with its query. @throws Refusal 41030 for one that the mini-program does not have. */
function readPage({ page = '' }: ApiCall['body'], { pages }: World): string {
  if (typeof page !== 'string' || page.length > 1_024) throw new Refusal(41030);
  const [path = ''] = page.split('?', 1);
  if (path !== '' && !pages.has(path.replace(/^\//, ''))) throw new Refusal(41030);
  return page;
}
