import { type Clock, type Milliseconds, SECOND, systemClock } from '@maque/kit';
import { Agenda } from './agenda.ts';
import { Api, type SimulatorCall } from './api.ts';
import { type Controls, createControls } from './controls.ts';
import { Faults } from './faults.ts';
import { startHttpServer } from './http-server.ts';
import { DEFAULT_TEMPLATES } from './messages/default-templates.ts';
import type { SimulatorTemplate } from './messages/templates.ts';
import { createMovableClock } from './movable-clock.ts';
import { createSimulatedPay, type MerchantOptions, type SimulatedPay } from './pay/simulated-pay.ts';
import { type PushTarget, resolvePushTarget } from './pusher/push-target.ts';
import { ordersOfPay } from './shipping/orders-of-pay.ts';
import type { SimulatorUser } from './users.ts';
import { createWorld } from './world.ts';

// Less than 1 MiB of heap when full (measured); who is forgotten logs in again.
const DEFAULT_MAX_USERS = 1_000;

// WeChat says within 30 minutes; a developer wants to see it come, after the answer of the call.
const DEFAULT_MEDIA_CHECK: Milliseconds = 2 * SECOND;

export interface SimulatorOptions {
  /** The only account that the simulator knows. */
  readonly appId: string;
  readonly secret: string;
  /** Any free port unless told. */
  readonly port?: number;
  /** 127.0.0.1 unless told: whoever reaches the simulator can log in as anybody. */
  readonly host?: string;
  readonly clock?: Clock;
  /** A number in [0, 1). */
  readonly random?: () => number;
  /** How many users are remembered: 1,000 unless told. */
  readonly maxUsers?: number;
  /** Users have a unionid, as if the mini-program were bound to an Open Platform account. False unless told. */
  readonly unionIds?: boolean;
  /** The share of logins that replace the session key, 0 to 1. WeChat does not always; 1 unless told, the hardest case. */
  readonly sessionKeyRotation?: number;
  /** What the account has chosen from WeChat's library of templates; some usual ones unless told. */
  readonly templates?: readonly SimulatorTemplate[];
  /** The pages of the released mini-program, without a slash in front; any page is taken for one unless told. */
  readonly pages?: readonly string[];
  /** Where pushes go; nowhere unless told. */
  readonly pushTarget?: PushTarget;
  /** How long a server may take to answer a push: 5 s unless told, as WeChat. */
  readonly pushTimeoutMs?: Milliseconds;
  /** Between the three tries of a push: 1 s unless told. */
  readonly pushRetryMs?: Milliseconds;
  /** How long the check of a picture takes, by `clock`: 2 s unless told. */
  readonly mediaCheckMs?: Milliseconds;
  /** The merchant of WeChat Pay; there is always one. */
  readonly merchant?: MerchantOptions;
}

/** WeChat's side on this computer, for development and tests. */
export interface Simulator extends Controls {
  /** Starts to listen; answers with the base URL for the client. @throws Error such as EADDRINUSE */
  listen(): Promise<string>;
  /** Breaks all connections and stops. */
  close(): Promise<void>;
  /** The last 200 calls of WeChat's API, oldest first. */
  readonly calls: readonly SimulatorCall[];
  /** Who has logged in, the newest first. */
  readonly users: readonly SimulatorUser[];
  /** WeChat Pay, for the merchant of this mini-program. */
  readonly pay: SimulatedPay;
}

/** @throws TypeError or RangeError when an option is not valid. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const {
    maxUsers = DEFAULT_MAX_USERS,
    unionIds = false,
    sessionKeyRotation = 1,
    random = Math.random,
  } = options;
  const { appId, secret, port = 0, host = '127.0.0.1' } = options;
  if (appId === '' || secret === '') throw new TypeError('appId and secret must not be empty');
  if (!(sessionKeyRotation >= 0 && sessionKeyRotation <= 1)) {
    throw new RangeError(`sessionKeyRotation must be from 0 to 1, not ${sessionKeyRotation}`);
  }
  const clock = createMovableClock(options.clock ?? systemClock);
  const faults = new Faults();
  const agenda = new Agenda(clock);
  const wechatPay = createSimulatedPay({ ...options.merchant, appId, clock, random, agenda, faults });
  const world = createWorld({
    ...{ appId, secret, clock, random, agenda, faults, maxUsers, unionIds, sessionKeyRotation },
    paidOrders: ordersOfPay(wechatPay.pay, wechatPay.mchId),
    templates: options.templates ?? DEFAULT_TEMPLATES,
    pages: options.pages,
    mediaCheckMs: options.mediaCheckMs ?? DEFAULT_MEDIA_CHECK,
    pushTimeoutMs: options.pushTimeoutMs,
    pushRetryMs: options.pushRetryMs,
  });
  if (options.pushTarget !== undefined) world.pusher.target = resolvePushTarget(options.pushTarget);
  const api = new Api(world, faults);
  const controls = createControls({ world, clock, faults, api, pay: wechatPay.pay });
  let running: ReturnType<typeof startHttpServer> | undefined;

  return {
    ...controls,
    pay: wechatPay.pay,
    async listen() {
      world.pusher.open();
      running ??= startHttpServer({
        ...{ port, host, api, controls, clock },
        pay: wechatPay.pay,
        payApi: wechatPay.api,
      });
      try {
        return (await running).url;
      } catch (error) {
        running = undefined;
        throw error;
      }
    },
    async close() {
      const server = await running;
      running = undefined;
      wechatPay.breakOff();
      agenda.clear();
      world.mediaChecks.forget();
      world.pusher.close();
      await server?.close();
    },
    get calls() {
      return api.calls();
    },
    get users() {
      return world.users.list();
    },
  };
}
