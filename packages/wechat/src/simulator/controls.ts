import type { PushFields } from '../push/index.ts';
import type { Api } from './api.ts';
import { invalid } from './control-errors.ts';
import type { Fault, ImmediateFault } from './fault-types.ts';
import type { Faults } from './faults.ts';
import type { SimulatorTemplate } from './messages/templates.ts';
import type { MovableClock } from './movable-clock.ts';
import { parseFault } from './parse-fault.ts';
import type { SimulatedPay } from './pay/simulated-pay.ts';
import { FORGERIES } from './pusher/forgeries.ts';
import { type PushTarget, resolvePushTarget } from './pusher/push-target.ts';
import type { PushTry } from './pusher/push-try.ts';
import type { PushOptions, SimulatorPush } from './pusher/pusher.ts';
import type { PathRates } from './quotas/path-rates.ts';
import { describeState, type SimulatorState } from './simulator-state.ts';
import { assertName, createUserActs, type UserActs } from './user-acts.ts';
import type { World } from './world.ts';

const MOST_DELIVERIES = 10;

/** What a test does with the simulator in its own process, and a developer over HTTP. */
export interface Controls extends UserActs {
  /** A code as `wx.login` gives the user of that name: single use, 5 minutes. @throws CodedError for a bad name */
  issueCode(user: string): string;
  /** A code as the `getPhoneNumber` button gives. @throws CodedError for a bad name */
  issuePhoneCode(user: string): string;
  /** Makes something go wrong. @throws CodedError `SIM_REQUEST_INVALID` when the fault is not a valid one. */
  inject(fault: Fault): void;
  /** Forgets the faults that still wait for their calls, and makes the clock right. */
  clearFaults(): void;
  /** Moves what grows old ahead: codes, tokens and payments expire. @throws CodedError when it is not a positive time. */
  advance(ms: number): void;
  /** Where pushes go from now on; nowhere with null. @throws CodedError */
  setPushTarget(target: PushTarget | null): void;
  /** Asks the server as WeChat does before it takes an address; null without a target. */
  checkPushUrl(): Promise<PushTry | null>;
  /**
   * Sends any message or event; `ToUserName`, `FromUserName` and `CreateTime` are filled in. Resolves when the server has it
   * or the tries are used up; null without a target. @throws CodedError for what is no message
   */
  push(fields: PushFields, options?: PushOptions & { readonly user?: string }): Promise<SimulatorPush | null>;
  /** Adds a template to the account, or changes one. @throws CodedError */
  addTemplate(template: SimulatorTemplate): void;
  /** Other limits for a path than WeChat's, so that a test reaches them. @throws CodedError */
  limit(path: string, rates: Pick<PathRates, 'perDay' | 'perMinute' | 'perSecond'>): void;
  state(): SimulatorState;
}

interface Controlled {
  readonly world: World;
  readonly clock: MovableClock;
  readonly faults: Faults;
  readonly api: Api;
  readonly pay: SimulatedPay;
}

export function createControls(controlled: Controlled): Controls {
  const { world, clock, faults } = controlled;
  return {
    ...createUserActs(world),
    issueCode: (user) => world.codes.issue(assertName(user), 'login'),
    issuePhoneCode: (user) => world.codes.issue(assertName(user), 'phone'),
    inject(fault) {
      const parsed = parseFault(fault);
      if (isImmediate(parsed)) strike(parsed, controlled);
      else faults.add(parsed);
    },
    clearFaults() {
      faults.clear();
      clock.skew(0);
    },
    advance(ms) {
      if (!(Number.isFinite(ms) && ms > 0)) throw invalid('the clock moves ahead by a positive number of ms');
      clock.advance(ms);
    },
    setPushTarget(target) {
      world.pusher.target = target === null ? undefined : resolvePushTarget(target);
    },
    checkPushUrl: () => world.pusher.checkUrl(),
    async push(fields, { user, forgery, times = 1 } = {}) {
      if (typeof fields !== 'object' || fields === null || typeof fields.MsgType !== 'string') {
        throw invalid('a message needs fields with MsgType');
      }
      if (forgery !== undefined && !FORGERIES.includes(forgery)) {
        throw invalid(`forgery must be one of ${FORGERIES.join(', ')}`);
      }
      if (!Number.isSafeInteger(times) || times < 1 || times > MOST_DELIVERIES) {
        throw invalid(`times must be 1 to ${MOST_DELIVERIES}`);
      }
      const sender = user === undefined ? {} : { openid: world.users.open(assertName(user)).openid };
      return world.pusher.push(fields, { times, ...sender, ...(forgery === undefined ? {} : { forgery }) });
    },
    addTemplate: (template) => world.templates.add(template),
    limit(path, rates) {
      if (typeof path !== 'string' || !/^(\/[\w.-]+)+$/.test(path))
        throw invalid('path must be one of WeChat’s');
      const { perDay, perMinute, perSecond } = rates;
      const given = Object.entries({ perDay, perMinute, perSecond }).filter(
        ([, limit]) => limit !== undefined,
      );
      if (
        given.length === 0 ||
        !given.every(([, limit]) => Number.isSafeInteger(limit) && Number(limit) >= 0)
      ) {
        throw invalid('perDay, perMinute or perSecond must be whole numbers');
      }
      world.quotas.set(path, Object.fromEntries(given));
    },
    state: () => describeState(controlled),
  };
}

function isImmediate(fault: Fault): fault is ImmediateFault {
  return fault.kind === 'kill-token' || fault.kind === 'rotate-session-keys' || fault.kind === 'clock-skew';
}

function strike(fault: ImmediateFault, { world, clock }: Controlled): void {
  switch (fault.kind) {
    case 'kill-token':
      world.stableTokens.shelf.killAll();
      world.legacyTokens.shelf.killAll();
      return;
    case 'rotate-session-keys':
      world.users.rotateSessionKeys();
      return;
    case 'clock-skew':
      clock.skew(fault.ms);
  }
}
