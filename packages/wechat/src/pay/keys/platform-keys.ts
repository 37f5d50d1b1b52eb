import type { KeyObject } from 'node:crypto';
import { type Clock, HOUR, MINUTE, type Milliseconds } from '@maque/kit';
import type { PlatformCertificate } from './platform-certificate.ts';

// WeChat Pay announces a new certificate 24 hours before it signs with it: looking twice a day never misses one.
const REFRESH_AFTER: Milliseconds = 12 * HOUR;

// A forged message may name any serial number; it must not make us ask WeChat Pay each time.
const ASK_AGAIN_AFTER: Milliseconds = MINUTE;

// One is in use and one is to come; the rest is room for doubt.
const MAX_CERTIFICATES = 8;

interface PlatformKeysOptions {
  /** Those that are configured, by their id. They never change by themselves. */
  readonly publicKeys: ReadonlyMap<string, KeyObject>;
  readonly fetchCertificates: () => Promise<readonly PlatformCertificate[]>;
  /** Told when they could not be fetched: what is known stays good, what is not known stays unbelieved. */
  readonly onFault: (error: unknown) => void;
  readonly clock: Clock;
}

/**
 * The keys that WeChat Pay signs with, by the `Wechatpay-Serial` of each message: public keys that are configured, and
 * platform certificates, which are fetched when a message names one. Both are in use while a merchant changes over.
 */
export class PlatformKeys {
  readonly #options: PlatformKeysOptions;
  #certificates: ReadonlyMap<string, PlatformCertificate> = new Map();
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined;

  constructor(options: PlatformKeysOptions) {
    this.#options = options;
  }

  /** The id of the key that answers are asked to be signed with: a public key, else the newest certificate known. */
  preferred(): string | undefined {
    const [publicKeyId] = this.#options.publicKeys.keys();
    return publicKeyId ?? [...this.#certificates.keys()].at(-1);
  }

  /** The key of that id or serial number; undefined when WeChat Pay has none such, or cannot be asked now. */
  async find(serial: string): Promise<KeyObject | undefined> {
    const configured = this.#options.publicKeys.get(serial);
    if (configured !== undefined) return configured;
    // Only certificates have numbers in hex; an unknown public key is for an operator to configure.
    if (!/^[0-9A-F]{8,64}$/i.test(serial)) return undefined;
    const known = this.#valid(serial);
    const due = this.#options.clock.monotonic() - this.#fetchedAtMs >= REFRESH_AFTER;
    if (known === undefined || due) {
      const fetched = this.#refresh();
      if (known === undefined) await fetched;
    }
    return known ?? this.#valid(serial);
  }

  /** A certificate's key, while it is valid. */
  #valid(serial: string): KeyObject | undefined {
    const found = this.#certificates.get(serial.toUpperCase());
    const now = this.#options.clock.now();
    return found !== undefined && found.validFromMs <= now && now < found.validUntilMs
      ? found.key
      : undefined;
  }

  /** Asks WeChat Pay, unless that was done within the last minute; all who wait share one call. Never rejects. */
  #refresh(): Promise<void> {
    if (this.#fetching !== undefined) return this.#fetching;
    const now = this.#options.clock.monotonic();
    if (now - this.#triedAtMs < ASK_AGAIN_AFTER) return Promise.resolve();
    this.#triedAtMs = now;
    this.#fetching = this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    try {
      const newest = (await this.#options.fetchCertificates())
        .toSorted((one, other) => one.validFromMs - other.validFromMs)
        .slice(-MAX_CERTIFICATES);
      this.#certificates = new Map(newest.map((certificate) => [certificate.serial, certificate]));
      this.#fetchedAtMs = this.#options.clock.monotonic();
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}
