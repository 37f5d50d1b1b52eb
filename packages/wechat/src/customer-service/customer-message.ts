import { argumentError } from '../errors/wechat-error.ts';

/** What a user can be sent in a conversation with customer service. */
export type CustomerMessage =
  | { readonly kind: 'text'; readonly content: string }
  /** By the `MediaId` of a picture that a user sent, or of one uploaded within 3 days. */
  | { readonly kind: 'image'; readonly mediaId: string }
  | {
      readonly kind: 'link';
      readonly title: string;
      readonly description: string;
      /** What a tap opens. */
      readonly url: string;
      /** JPG or PNG, best of 640 × 320 pixels. */
      readonly thumbUrl: string;
    }
  /** A card that opens the mini-program. */
  | {
      readonly kind: 'page';
      readonly title: string;
      /** With its query, if it has one: `pages/order/detail?id=1`. */
      readonly page: string;
      /** Best of 520 × 416 pixels. */
      readonly thumbMediaId: string;
    };

const EMPTY = { en: 'text is expected', zh: '不能为空' };

/** @throws WechatError `WECHAT_CALL_INVALID` naming every field that is empty. */
export function assertMessage(path: string, openid: string, { kind: _, ...fields }: CustomerMessage): void {
  const empty = Object.entries({ openid, ...fields }).filter(([, value]) => value.trim() === '');
  if (empty.length > 0)
    throw argumentError(
      path,
      empty.map(([name]) => ({ path: name, issue: EMPTY })),
    );
}

/** A message as WeChat wants it, without whom it is for. */
export function messageBody(message: CustomerMessage, appId: string): Readonly<Record<string, unknown>> {
  switch (message.kind) {
    case 'text':
      return { msgtype: 'text', text: { content: message.content } };
    case 'image':
      return { msgtype: 'image', image: { media_id: message.mediaId } };
    case 'link': {
      const { title, description, url, thumbUrl } = message;
      return { msgtype: 'link', link: { title, description, url, thumb_url: thumbUrl } };
    }
    case 'page': {
      const { title, page, thumbMediaId } = message;
      // WeChat's page has asked for the AppID since it describes all kinds of accounts; older ones do not name it.
      const card = { title, appid: appId, pagepath: page, thumb_media_id: thumbMediaId };
      return { msgtype: 'miniprogrampage', miniprogrampage: card };
    }
  }
}
