import type { Agenda } from '../agenda.ts';
import type { SimulatorClock } from '../movable-clock.ts';
import type { Notifier } from './notifier.ts';
import type { PayBehaviour } from './pay-behaviour.ts';
import type { PayKeyring } from './pay-keyring.ts';
import type { PayLedger } from './pay-ledger.ts';
import type { PayNumbers } from './pay-numbers.ts';

/** All that the simulated WeChat Pay knows. */
export interface PayWorld {
  /** The mini-program that the merchant is bound to. */
  readonly appId: string;
  readonly mchId: string;
  readonly clock: SimulatorClock;
  readonly keyring: PayKeyring;
  readonly ledger: PayLedger;
  readonly numbers: PayNumbers;
  readonly agenda: Agenda;
  readonly notifier: Notifier;
  readonly behaviour: () => PayBehaviour;
}
