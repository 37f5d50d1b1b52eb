import { randomBytes } from 'node:crypto';
import { errors } from '@maque/contract';
import type { Clock } from '@maque/kit';
import { derivedKey, openSealedText, sealText } from '../../config/sealed-text.ts';
import type { Database } from '../../ports/index.ts';
import { base32Of } from './base32.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import {
  keepPendingTotp,
  type StaffRow,
  takeRecoveryCode,
  takeTotpStep,
  usePendingTotp,
} from './staff-store.ts';
import { stepOfCode, totpAddress } from './totp.ts';

/** The length of a SHA-1 hash, as RFC 4226 §4 recommends. */
const SECRET_BYTES = 20;
const SIX_DIGITS = /^\d{6}$/;

export interface SecondFactorOptions {
  readonly database: Database;
  /** 32 random bytes of the installation's, which other keys are derived from too. */
  readonly key: Buffer;
  readonly clock: Clock;
}

/** Authenticators of members of staff: six digits that change (RFC 6238), and recovery codes for when the phone is gone. */
export class SecondFactor {
  readonly #database: Database;
  readonly #sealKey: Buffer;
  readonly #hashKey: Buffer;
  readonly #clock: Clock;

  constructor({ database, key, clock }: SecondFactorOptions) {
    this.#database = database;
    this.#sealKey = derivedKey(key, 'authenticators');
    this.#hashKey = derivedKey(key, 'recovery codes');
    this.#clock = clock;
  }

  /** A new secret for an authenticator. What was there before works until the new one has shown a code. */
  async begin({
    id,
    name,
  }: Pick<StaffRow, 'id' | 'name'>): Promise<{ readonly secret: string; readonly address: string }> {
    const secret = randomBytes(SECRET_BYTES);
    await keepPendingTotp(this.#database, id, sealText(secret.toString('base64'), id, this.#sealKey));
    return { secret: base32Of(secret), address: totpAddress(secret, name) };
  }

  /** Puts it to use, with its first code; answers the recovery codes. @throws CodedError TOTP_NOT_BEGUN, TOTP_WRONG. */
  async confirm(member: StaffRow, code: string): Promise<readonly string[]> {
    if (member.totpPending === null) throw errors.TOTP_NOT_BEGUN();
    const step = this.#stepOf(member.totpPending, member.id, code, 0);
    if (step === undefined) throw errors.TOTP_WRONG();
    const codes = newRecoveryCodes();
    const recoveryCodes = JSON.stringify(codes.map((one) => hashRecoveryCode(one, this.#hashKey)));
    const pending = { id: member.id, totpPending: member.totpPending };
    if (!(await usePendingTotp(this.#database, pending, { step, recoveryCodes })))
      throw errors.TOTP_NOT_BEGUN();
    return codes;
  }

  /** Takes the six digits of now, or a recovery code; neither works again. @throws CodedError TOTP_WRONG. */
  async take(member: StaffRow, given: string): Promise<void> {
    const isTaken = SIX_DIGITS.test(given)
      ? await this.#takeDigits(member, given)
      : await this.#takeRecovery(member, given);
    if (!isTaken) throw errors.TOTP_WRONG();
  }

  async #takeDigits({ id, totpSecret, totpStep }: StaffRow, code: string): Promise<boolean> {
    if (totpSecret === null) return false;
    const step = this.#stepOf(totpSecret, id, code, totpStep);
    return step !== undefined && takeTotpStep(this.#database, id, step);
  }

  async #takeRecovery({ id, recoveryCodes }: StaffRow, code: string): Promise<boolean> {
    if (recoveryCodes === null) return false;
    const hash = hashRecoveryCode(code, this.#hashKey);
    const left = (JSON.parse(recoveryCodes) as string[]).filter((one) => one !== hash);
    const after = JSON.stringify(left);
    return after !== recoveryCodes && takeRecoveryCode(this.#database, id, recoveryCodes, after);
  }

  #stepOf(sealed: string, id: string, code: string, afterStep: number): number | undefined {
    const secret = openSealedText(sealed, id, this.#sealKey);
    if (secret === undefined) return undefined;
    return stepOfCode(Buffer.from(secret, 'base64'), code, this.#clock.now(), afterStep);
  }
}
