import type { Clock } from '@maque/kit';
import { Codes } from './codes.ts';
import { LegacyTokens } from './legacy-tokens.ts';
import { RateLimiter } from './rate-limiter.ts';
import { StableTokens } from './stable-tokens.ts';
import { Users } from './users.ts';

interface WorldOptions {
  readonly appId: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxUsers: number;
  readonly unionIds: boolean;
  readonly sessionKeyRotation: number;
}

/** All that the simulated WeChat knows. */
export interface World {
  readonly appId: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly users: Users;
  readonly codes: Codes;
  readonly stableTokens: StableTokens;
  readonly legacyTokens: LegacyTokens;
  readonly limiter: RateLimiter;
}

export function createWorld(options: WorldOptions): World {
  const { appId, secret, clock } = options;
  return {
    appId,
    secret,
    clock,
    users: new Users(options),
    codes: new Codes(clock),
    stableTokens: new StableTokens(clock),
    legacyTokens: new LegacyTokens(clock),
    limiter: new RateLimiter(clock),
  };
}
