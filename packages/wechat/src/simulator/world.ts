import type { Milliseconds } from '@maque/kit';
import type { Agenda } from './agenda.ts';
import { Codes } from './codes.ts';
import { MediaChecks } from './content/media-checks.ts';
import { Conversations } from './customer-service/conversations.ts';
import type { Faults } from './faults.ts';
import { LegacyTokens } from './legacy-tokens.ts';
import { SentMessages } from './messages/sent-messages.ts';
import { Subscriptions } from './messages/subscriptions.ts';
import { type SimulatorTemplate, Templates } from './messages/templates.ts';
import type { SimulatorClock } from './movable-clock.ts';
import { Pages } from './pages.ts';
import { RefusedCalls } from './platform/refused-calls.ts';
import { Pusher } from './pusher/pusher.ts';
import { Quotas } from './quotas/quotas.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { PaidOrders } from './shipping/paid-orders.ts';
import { ShippingDesk } from './shipping/shipping-desk.ts';
import { StableTokens } from './stable-tokens.ts';
import { Users } from './users.ts';

interface WorldOptions {
  readonly appId: string;
  readonly secret: string;
  readonly clock: SimulatorClock;
  readonly random: () => number;
  readonly agenda: Agenda;
  readonly faults: Faults;
  readonly paidOrders: PaidOrders;
  readonly maxUsers: number;
  readonly unionIds: boolean;
  readonly sessionKeyRotation: number;
  readonly templates: readonly SimulatorTemplate[];
  /** Undefined when any page is one. */
  readonly pages: readonly string[] | undefined;
  readonly mediaCheckMs: Milliseconds;
  readonly pushTimeoutMs: Milliseconds | undefined;
  readonly pushRetryMs: Milliseconds | undefined;
}

/** All that the simulated WeChat knows. */
export interface World {
  readonly appId: string;
  readonly secret: string;
  readonly clock: SimulatorClock;
  readonly users: Users;
  readonly codes: Codes;
  readonly stableTokens: StableTokens;
  readonly legacyTokens: LegacyTokens;
  readonly limiter: RateLimiter;
  readonly quotas: Quotas;
  readonly refusedCalls: RefusedCalls;
  readonly pages: Pages;
  readonly templates: Templates;
  readonly subscriptions: Subscriptions;
  readonly messages: SentMessages;
  readonly conversations: Conversations;
  readonly mediaChecks: MediaChecks;
  readonly shipping: ShippingDesk;
  readonly pusher: Pusher;
}

export function createWorld(options: WorldOptions): World {
  const { appId, secret, clock, pushTimeoutMs, pushRetryMs } = options;
  const pusher = new Pusher({
    ...options,
    ...(pushTimeoutMs === undefined ? {} : { timeoutMs: pushTimeoutMs }),
    ...(pushRetryMs === undefined ? {} : { retryDelayMs: pushRetryMs }),
  });
  return {
    appId,
    secret,
    clock,
    users: new Users(options),
    codes: new Codes(clock),
    stableTokens: new StableTokens(clock),
    legacyTokens: new LegacyTokens(clock),
    limiter: new RateLimiter(clock),
    quotas: new Quotas(clock),
    refusedCalls: new RefusedCalls(),
    pages: new Pages(options.pages),
    templates: new Templates(options.templates),
    subscriptions: new Subscriptions(),
    messages: new SentMessages(),
    conversations: new Conversations(clock),
    mediaChecks: new MediaChecks({ ...options, pusher, delayMs: options.mediaCheckMs }),
    shipping: new ShippingDesk(clock, options.paidOrders),
    pusher,
  };
}
