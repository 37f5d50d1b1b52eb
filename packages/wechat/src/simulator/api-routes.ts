import { assertToken } from './account-check.ts';
import type { ApiAnswer, ApiHandler } from './api-handler.ts';
import { handleMediaCheck } from './content/check-media.ts';
import { handleTextCheck } from './content/check-text.ts';
import { handleRiskRank } from './content/risk-rank.ts';
import { handleCustomerServiceSend, handleTyping } from './customer-service/send-endpoint.ts';
import { handleScheme, handleUrlLink } from './links/link-endpoints.ts';
import { handleQrCode } from './links/qr-code.ts';
import {
  handleCheckSession,
  handleCode2Session,
  handlePhoneNumber,
  handleResetSession,
} from './login-endpoints.ts';
import {
  handleAddTemplate,
  handleCategories,
  handlePublicKeywords,
  handlePublicTitles,
} from './messages/library-endpoints.ts';
import { handleSendMessage } from './messages/send-message.ts';
import { handleDeleteTemplate, handleGetTemplates } from './messages/template-endpoints.ts';
import { handleCallbackIps } from './platform/callback-ips.ts';
import {
  createQuotaHandler,
  handleClearQuota,
  handleClearQuotaBySecret,
} from './platform/quota-endpoints.ts';
import { handleRid } from './platform/rid-endpoint.ts';
import type { PathRates } from './quotas/path-rates.ts';
import { Refusal } from './refusal.ts';
import { handleOrderList } from './shipping/order-list.ts';
import {
  handleDeliveryList,
  handleGetOrder,
  handleIsConfirmationCompleted,
  handleIsTradeManaged,
  handleNotifyReceive,
  handleSetJumpPath,
  handleSpecialOrder,
  handleUploadShipping,
} from './shipping/shipping-endpoints.ts';
import { handleLegacyToken, handleStableToken } from './token-endpoints.ts';
import type { World } from './world.ts';

interface ApiRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handle: ApiHandler;
  /** Called with AppID and secret instead of an access token. */
  readonly bySecret?: true;
  /** WeChat labels some of its JSON as plain text. */
  readonly asPlainText?: true;
  /** What WeChat publishes of how often it may be called. */
  readonly rates?: PathRates;
}

const LINKS: PathRates = { perSecond: 100, perDay: 500_000, dayErrcode: 44993, dayGroup: 'links' };
const quotaHandler = createQuotaHandler((path) => {
  const route = findRoute(path);
  return route === undefined ? undefined : ratesOf(route);
});

const ROUTES: readonly ApiRoute[] = [
  get('/sns/jscode2session', handleCode2Session, { bySecret: true, asPlainText: true }),
  post('/cgi-bin/stable_token', handleStableToken, {
    bySecret: true,
    rates: { perMinute: 10_000, minuteErrcode: 45011, perDay: 500_000 },
  }),
  get('/cgi-bin/token', handleLegacyToken, { bySecret: true }),
  get('/wxa/checksession', handleCheckSession),
  get('/wxa/resetusersessionkey', handleResetSession, { rates: { perMinute: 60_000, minuteErrcode: 45011 } }),
  post('/wxa/business/getuserphonenumber', handlePhoneNumber),

  post('/cgi-bin/message/subscribe/send', handleSendMessage, { rates: { perDay: 30_000_000 } }),
  get('/wxaapi/newtmpl/gettemplate', handleGetTemplates),
  post('/wxaapi/newtmpl/addtemplate', handleAddTemplate),
  post('/wxaapi/newtmpl/deltemplate', handleDeleteTemplate),
  get('/wxaapi/newtmpl/getcategory', handleCategories),
  get('/wxaapi/newtmpl/getpubtemplatetitles', handlePublicTitles),
  get('/wxaapi/newtmpl/getpubtemplatekeywords', handlePublicKeywords),
  post('/cgi-bin/message/custom/send', handleCustomerServiceSend),
  post('/cgi-bin/message/custom/typing', handleTyping),

  post('/wxa/msg_sec_check', handleTextCheck, { rates: { perMinute: 4_000, perDay: 2_000_000 } }),
  post('/wxa/media_check_async', handleMediaCheck, { rates: { perMinute: 2_000, perDay: 200_000 } }),
  post('/wxa/getuserriskrank', handleRiskRank),

  post('/wxa/getwxacodeunlimit', handleQrCode, { rates: { perMinute: 5_000, minuteErrcode: 45009 } }),
  post('/wxa/generate_urllink', handleUrlLink, { rates: LINKS }),
  post('/wxa/generatescheme', handleScheme, { rates: LINKS }),

  post('/wxa/sec/order/upload_shipping_info', handleUploadShipping),
  post('/wxa/sec/order/get_order', handleGetOrder),
  post('/wxa/sec/order/get_order_list', handleOrderList),
  post('/wxa/sec/order/is_trade_managed', handleIsTradeManaged),
  post('/wxa/sec/order/is_trade_management_confirmation_completed', handleIsConfirmationCompleted),
  post('/wxa/sec/order/notify_confirm_receive', handleNotifyReceive),
  post('/wxa/sec/order/set_msg_jump_path', handleSetJumpPath),
  post('/wxa/sec/order/opspecialorder', handleSpecialOrder),
  post('/cgi-bin/express/delivery/open_msg/get_delivery_list', handleDeliveryList),

  post('/cgi-bin/openapi/quota/get', quotaHandler),
  post('/cgi-bin/openapi/rid/get', handleRid),
  post('/cgi-bin/clear_quota', handleClearQuota),
  post('/cgi-bin/clear_quota/v2', handleClearQuotaBySecret, { bySecret: true }),
  get('/cgi-bin/getcallbackip', handleCallbackIps),
];

type RouteExtras = Omit<ApiRoute, 'method' | 'path' | 'handle'>;

function get(path: string, handle: ApiHandler, extras: RouteExtras = {}): ApiRoute {
  return { method: 'GET', path, handle, ...extras };
}

function post(path: string, handle: ApiHandler, extras: RouteExtras = {}): ApiRoute {
  return { method: 'POST', path, handle, ...extras };
}

/** The route of a path, or undefined when the simulator does not know it. */
export function findRoute(path: string): ApiRoute | undefined {
  return ROUTES.find((route) => route.path === path);
}

function ratesOf({ rates = {} }: ApiRoute): PathRates {
  return rates;
}

/** Runs a route after the checks that WeChat makes for all of them. @throws Refusal */
export function runRoute(
  route: ApiRoute | undefined,
  request: { readonly method: string; readonly query: URLSearchParams; readonly body: string },
  world: World,
): ApiAnswer {
  if (route === undefined) throw new Refusal(40066);
  if (request.method !== route.method) throw new Refusal(route.method === 'POST' ? 43002 : 43001);
  if (route.bySecret !== true) assertToken(world, request.query.get('access_token'));
  world.quotas.count(route.path, ratesOf(route));
  const body = route.method === 'POST' ? parseBody(request.body) : {};
  return route.handle({ query: request.query, body }, world);
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') throw new Refusal(44002);
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {
    // The same refusal as for JSON that is no object.
  }
  throw new Refusal(47001);
}
