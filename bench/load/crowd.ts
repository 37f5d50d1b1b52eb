import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import { Connection, type LossReason } from './connection.ts';
import type { LoadSubject, LoadTotals } from './load-plan.ts';
import { Shopper, type ShopRequest } from './shopper.ts';
import { Window } from './window.ts';

interface SentRequest {
  readonly request: ShopRequest;
  /** When it was due or sent, on `performance.now()`'s clock. */
  readonly since: Milliseconds;
}

/** How often unanswered requests are looked for; a time limit is late by this much at most. */
const TIMEOUT_CHECK_MS = 50;

/** One user on one connection of their own. */
export class Member {
  readonly shopper: Shopper;
  readonly #connection: Connection<SentRequest>;

  constructor(shopper: Shopper, connection: Connection<SentRequest>) {
    this.shopper = shopper;
    this.#connection = connection;
  }

  /** Requests outstanding; Infinity while the connection is down. */
  get load(): number {
    return this.#connection.load;
  }

  send(since: Milliseconds): void {
    const request = this.shopper.next();
    this.#connection.send({ request, since }, request.bytes);
  }

  checkTimeout(now: Milliseconds): void {
    this.#connection.checkTimeout(now);
  }

  close(): void {
    this.#connection.close();
  }
}

/**
 * An address of this machine for each phone, since a proxy counts requests by address. Linux takes all of 127/8 for
 * its own.
 */
export function addressOf(phone: number): string {
  return `127.${16 + Math.floor(phone / 62_500)}.${Math.floor(phone / 250) % 250}.${1 + (phone % 250)}`;
}

/** All users, each on a connection of their own, and the count of what they see. */
export class Crowd {
  readonly members: readonly Member[];
  readonly #timeoutCheck: ReturnType<typeof setInterval>;
  #window = new Window();
  #ordersUnknown = 0;

  /** @param onFree called when a member's connection opens or has got an answer. */
  constructor(subject: LoadSubject, timeoutMs: Milliseconds, onFree: (member: Member) => void) {
    this.members = subject.users.map((_, index) => this.#member(subject, index, timeoutMs, onFree));
    this.#timeoutCheck = setInterval(() => {
      const now = performance.now();
      for (const member of this.members) member.checkTimeout(now);
    }, TIMEOUT_CHECK_MS);
  }

  /** What counts now. */
  get window(): Window {
    return this.#window;
  }

  startWindow(): void {
    this.#window = new Window();
  }

  /** Waits until nothing is outstanding, which the time limit of requests bounds, and closes all connections. */
  async stop(): Promise<LoadTotals> {
    while (this.members.some((member) => member.load > 0 && Number.isFinite(member.load))) {
      await sleep(5);
    }
    clearInterval(this.#timeoutCheck);
    for (const member of this.members) member.close();
    const accepted = this.members.map((member) => member.shopper.accepted);
    return {
      ordersAccepted: accepted.reduce((sum, { orders }) => sum + orders, 0),
      quantityAccepted: accepted.reduce((sum, { quantity }) => sum + quantity, 0),
      ordersUnknown: this.#ordersUnknown,
    };
  }

  #member(
    subject: LoadSubject,
    index: number,
    timeoutMs: Milliseconds,
    onFree: (member: Member) => void,
  ): Member {
    const user = subject.users[index];
    if (user === undefined) throw new Error(`there is no user ${index}`);
    const { host, port, servername } = subject.target;
    const shopper = new Shopper(subject.catalogue, user, servername ?? `${host}:${port}`, index + 1);
    const connection = new Connection<SentRequest>(
      servername === undefined ? subject.target : { ...subject.target, localAddress: addressOf(index) },
      { timeoutMs },
      {
        onOpen: () => onFree(member),
        onRefused: () => this.#window.refused(),
        onLoss: (sent, reason) => this.#lost(sent, reason),
        onAnswer: ({ request, since }, answer) => {
          const verdict = shopper.judge(request, answer);
          this.#window.answered(request.kind, verdict, answer.status, since, answer.body.length);
          onFree(member);
        },
      },
    );
    const member = new Member(shopper, connection);
    return member;
  }

  #lost({ request, since }: SentRequest, reason: LossReason): void {
    if (request.kind === 'order-create') this.#ordersUnknown += 1;
    this.#window.lost(request.kind, reason, since);
  }
}
