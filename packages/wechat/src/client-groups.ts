import type { Clock } from '@maque/kit';
import type { ContentChecks } from './content/content-checks.ts';
import type { CustomerService } from './customer-service/customer-service.ts';
import type { Callers, QuotaReport } from './http/caller.ts';
import type { PictureAnswer } from './http/read-answer.ts';
import { lazyGroup } from './lazy-group.ts';
import type { Links } from './links/create-links.ts';
import type { SubscribeMessages } from './messages/messages.ts';
import type { OpenDataReader } from './open-data/open-data.ts';
import type { Platform } from './platform/platform.ts';
import type { Shipping } from './shipping/shipping.ts';
import type { ApiCaller } from './token/call-with-token.ts';
import type { Account } from './token/fetch-token.ts';

/** What a client offers beside login, by what it is about. */
export interface ClientGroups {
  readonly messages: SubscribeMessages;
  readonly content: ContentChecks;
  readonly openData: OpenDataReader;
  readonly links: Links;
  readonly customerService: CustomerService;
  readonly shipping: Shipping;
  readonly platform: Platform;
}

interface GroupOptions {
  readonly account: Account;
  readonly call: Callers;
  readonly callApi: ApiCaller;
  readonly callForPicture: ApiCaller<PictureAnswer>;
  readonly clock: Clock;
  readonly onQuota: (quota: QuotaReport) => void;
}

/** The groups of a client; the code of each is loaded when it is used first. */
export function createGroups(options: GroupOptions): ClientGroups {
  const { account, call, callApi, callForPicture, clock, onQuota } = options;
  const { appId } = account;
  return {
    messages: lazyGroup(async () => (await import('./messages/messages.ts')).createMessages(callApi), {
      send: true,
      templates: true,
      addTemplate: true,
      deleteTemplate: true,
      categories: true,
      publicTitles: true,
      publicKeywords: true,
    }),
    content: lazyGroup(
      async () => (await import('./content/content-checks.ts')).createContentChecks(callApi, appId),
      { checkText: true, checkMedia: true, riskRank: true },
    ),
    openData: lazyGroup(async () => (await import('./open-data/open-data.ts')).createOpenData(appId, clock), {
      decrypt: true,
      verify: true,
    }),
    links: lazyGroup(
      async () => (await import('./links/create-links.ts')).createLinks(callApi, callForPicture),
      { qrCode: true, urlLink: true, scheme: true },
    ),
    customerService: lazyGroup(
      async () =>
        (await import('./customer-service/customer-service.ts')).createCustomerService(callApi, appId),
      { send: true, typing: true },
    ),
    shipping: createLazyShipping(callApi, appId, clock),
    platform: lazyGroup(
      async () =>
        (await import('./platform/platform.ts')).createPlatform({ callApi, call, account, onQuota }),
      {
        quota: true,
        resetQuotas: true,
        resetQuotasBySecret: true,
        explainRid: true,
        callbackAddresses: true,
      },
    ),
  };
}

function createLazyShipping(callApi: ApiCaller, appId: string, clock: Clock): Shipping {
  const load = async () => (await import('./shipping/shipping.ts')).createShipping(callApi, appId, clock);
  const group = lazyGroup<Omit<Shipping, 'orders'>>(load, {
    isManaged: true,
    upload: true,
    order: true,
    remindReceipt: true,
    setMessagePath: true,
    declareSpecial: true,
    deliveryCompanies: true,
  });
  return {
    ...group,
    async *orders(query) {
      yield* (await load()).orders(query);
    },
  };
}
