import { type Clock, systemClock } from '@maque/kit';
import { Api, type SimulatorCall } from './api.ts';
import { type Controls, createControls } from './controls.ts';
import { Faults } from './faults.ts';
import { startHttpServer } from './http-server.ts';
import { createMovableClock } from './movable-clock.ts';
import type { SimulatorUser } from './users.ts';
import { createWorld } from './world.ts';

// Less than 1 MiB of heap when full (measured); who is forgotten logs in again.
const DEFAULT_MAX_USERS = 1_000;

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
  const world = createWorld({ appId, secret, clock, random, maxUsers, unionIds, sessionKeyRotation });
  const faults = new Faults();
  const api = new Api(world, faults);
  const controls = createControls(world, clock, faults, api);
  let running: ReturnType<typeof startHttpServer> | undefined;

  return {
    ...controls,
    async listen() {
      running ??= startHttpServer({ port, host, api, controls });
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
