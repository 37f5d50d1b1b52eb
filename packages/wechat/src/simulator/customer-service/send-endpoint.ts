import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';

// WeChat's limit is 2,048 bytes.
const MAX_TEXT_BYTES = 2_048;

type Fields = Readonly<Record<string, unknown>>;

// What each kind of message must say, and what is shown of it.
const KINDS: Readonly<Record<string, { readonly required: readonly string[]; readonly shown: string }>> = {
  text: { required: ['content'], shown: 'content' },
  image: { required: ['media_id'], shown: 'media_id' },
  link: { required: ['title', 'description', 'url', 'thumb_url'], shown: 'title' },
  miniprogrampage: { required: ['title', 'pagepath', 'thumb_media_id'], shown: 'title' },
};

/** `POST /cgi-bin/message/custom/send` */
export const handleCustomerServiceSend: ApiHandler = ({ body }, world) => {
  const { touser, msgtype: kind } = body;
  const user = typeof touser === 'string' ? world.users.find(touser) : undefined;
  if (user === undefined) throw new Refusal(40003);
  const rules = typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (typeof kind !== 'string' || rules === undefined) throw new Refusal(40008);
  const content = body[kind];
  if (typeof content !== 'object' || content === null) throw new Refusal(47001);
  const fields = content as Fields;
  const isText = (name: string) => typeof fields[name] === 'string' && fields[name] !== '';
  if (!rules.required.every(isText)) throw new Refusal(47001);
  const text = String(fields[rules.shown]);
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) throw new Refusal(45002);
  const at = new Date(world.clock.told()).toISOString();
  world.conversations.serviceWrote(user.openid, { at, user: user.name, from: 'service', kind, text });
  return { errcode: 0, errmsg: 'ok' };
};

/** `POST /cgi-bin/message/custom/typing` */
export const handleTyping: ApiHandler = ({ body }, { users, conversations }) => {
  const { touser, command } = body;
  if (typeof touser !== 'string' || users.find(touser) === undefined) throw new Refusal(40003);
  if (command !== 'Typing' && command !== 'CancelTyping') throw new Refusal(45072);
  if (!conversations.isLively(touser)) throw new Refusal(45080);
  return { errcode: 0, errmsg: 'ok' };
};
