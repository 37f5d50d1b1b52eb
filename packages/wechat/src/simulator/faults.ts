import type { Milliseconds } from '@maque/kit';
import { invalid } from './control-errors.ts';
import type { ApiBreak, PayBreak, WaitingFault } from './fault-types.ts';
import type { Forgery } from './pusher/forgeries.ts';

// What a developer sets up by hand or a test in one scenario; more is a loop gone wrong.
const MAX_FAULTS = 32;

/** What the faults do to one call. */
export interface FaultyTurn {
  readonly delayMs: Milliseconds;
  /** The answer is labelled as plain text. */
  readonly plainText: boolean;
  readonly instead: ApiBreak | undefined;
}

/** What the faults do to one call of WeChat Pay. */
interface PayTurn {
  readonly delayMs: Milliseconds;
  readonly instead: PayBreak | undefined;
}

/** What the faults do to one push. */
export interface PushHazard {
  readonly delayMs: Milliseconds;
  readonly lost: boolean;
  readonly times: number;
  readonly forgery: Forgery | undefined;
}

/** The faults that wait for their calls and pushes. */
export class Faults {
  #waiting: { readonly fault: WaitingFault; left: number }[] = [];

  /** @throws CodedError `SIM_REQUEST_INVALID` when too many wait already. */
  add(fault: WaitingFault): void {
    if (this.#waiting.length >= MAX_FAULTS) throw invalid(`${MAX_FAULTS} faults wait already`);
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  list(): WaitingFault[] {
    return this.#waiting.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  /** What happens to a call of this path; every fault that takes part has one call less to hit. */
  take(path: string): FaultyTurn {
    let delayMs = 0;
    let plainText = false;
    let instead: ApiBreak | undefined;
    this.#use((fault) => {
      if (fault.kind === 'push' || fault.kind === 'pay-error' || !isUnder(path, fault.path)) return false;
      if (fault.kind === 'latency') delayMs += fault.ms;
      else if (fault.kind === 'text-plain') plainText = true;
      else if (instead === undefined) instead = fault;
      else return false;
      return true;
    });
    return { delayMs, plainText, instead };
  }

  /** What happens to a call of WeChat Pay. */
  takeForPay(path: string): PayTurn {
    let delayMs = 0;
    let instead: PayBreak | undefined;
    this.#use((fault) => {
      if (fault.kind === 'push' || fault.kind === 'errcode' || fault.kind === 'text-plain') return false;
      if (!isUnder(path, fault.path)) return false;
      if (fault.kind === 'latency') delayMs += fault.ms;
      else if (instead === undefined) instead = fault;
      else return false;
      return true;
    });
    return { delayMs, instead };
  }

  /** What happens to a push of this event. */
  takePush(event: string): PushHazard {
    let delayMs = 0;
    let lost = false;
    let times = 1;
    let forgery: Forgery | undefined;
    this.#use((fault) => {
      if (fault.kind !== 'push' || (fault.event !== undefined && fault.event !== event)) return false;
      if (fault.how === 'delayed') delayMs += fault.ms ?? 0;
      else if (fault.how === 'lost') lost = true;
      else if (fault.how === 'repeated') times += 1;
      else if (forgery === undefined) forgery = fault.how;
      else return false;
      return true;
    });
    return { delayMs, lost, times, forgery };
  }

  #use(takesPart: (fault: WaitingFault) => boolean): void {
    for (const entry of this.#waiting) {
      if (takesPart(entry.fault)) entry.left -= 1;
    }
    this.#waiting = this.#waiting.filter(({ left }) => left > 0);
  }
}

function isUnder(path: string, root: string | undefined): boolean {
  return root === undefined || path === root || path.startsWith(`${root}/`);
}
