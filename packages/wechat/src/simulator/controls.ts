import type { Api, SimulatorCall } from './api.ts';
import type { CodePurpose } from './codes.ts';
import { invalid } from './control-errors.ts';
import { type Fault, type Faults, parseFault, type WaitingFault } from './faults.ts';
import type { createMovableClock } from './movable-clock.ts';
import type { SimulatorUser } from './users.ts';
import type { World } from './world.ts';

/** What the simulator shows of itself; no secret in it. */
export interface SimulatorState {
  readonly appId: string;
  /** ISO 8601, UTC, by the simulator's clock. */
  readonly now: string;
  /** The newest first. */
  readonly users: readonly SimulatorUser[];
  readonly tokens: readonly MaskedToken[];
  readonly faults: readonly WaitingFault[];
  /** The newest first. */
  readonly calls: readonly SimulatorCall[];
}

/** An access token that works, with its middle left out. */
interface MaskedToken {
  readonly endpoint: 'stable' | 'legacy';
  readonly token: string;
  readonly leftSeconds: number;
}

/** What a test does with the simulator in its own process, and a developer over HTTP. */
export interface Controls {
  /** A code as `wx.login` gives the user of that name: single use, 5 minutes. @throws CodedError for a bad name */
  issueCode(user: string): string;
  /** A code as the `getPhoneNumber` button gives. @throws CodedError for a bad name */
  issuePhoneCode(user: string): string;
  /** Makes something go wrong. @throws CodedError `SIM_REQUEST_INVALID` when the fault is not a valid one. */
  inject(fault: Fault): void;
  /** Forgets the faults that still wait for their calls. */
  clearFaults(): void;
  /** Moves the simulator's clock ahead: codes and tokens expire. @throws CodedError when it is not a positive time. */
  advance(ms: number): void;
  state(): SimulatorState;
}

export function createControls(
  world: World,
  clock: ReturnType<typeof createMovableClock>,
  faults: Faults,
  api: Api,
): Controls {
  const { stableTokens, legacyTokens } = world;
  const issue = (user: string, purpose: CodePurpose) => {
    if (!/^[\w-]{1,64}$/.test(user)) throw invalid('a user is named with 1 to 64 letters, digits, - or _');
    return world.codes.issue(user, purpose);
  };
  return {
    issueCode: (user) => issue(user, 'login'),
    issuePhoneCode: (user) => issue(user, 'phone'),
    inject(fault) {
      const parsed = parseFault(fault);
      if (parsed.kind !== 'kill-token') return faults.add(parsed);
      stableTokens.shelf.killAll();
      legacyTokens.shelf.killAll();
    },
    clearFaults: () => faults.clear(),
    advance(ms) {
      if (!(Number.isFinite(ms) && ms > 0)) throw invalid('the clock moves ahead by a positive number of ms');
      clock.advance(ms);
    },
    state: () => ({
      appId: world.appId,
      now: new Date(clock.now()).toISOString(),
      users: world.users.list(),
      tokens: [
        ...stableTokens.shelf.masked().map((token) => ({ endpoint: 'stable' as const, ...token })),
        ...legacyTokens.shelf.masked().map((token) => ({ endpoint: 'legacy' as const, ...token })),
      ],
      faults: faults.list(),
      calls: api.calls().reverse(),
    }),
  };
}
