import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MerchantCredentials, MerchantKeys } from '@maque/wechat/simulator';
import { commandErrors } from '../cli/command-errors.ts';

/** The files of a simulated merchant in a folder that only its owner can read: what a real one gets from WeChat, and all keys. */
export class MerchantFiles {
  /** The merchant's private key, as `apiclient_key.pem` of a real one. */
  readonly privateKey: string;
  /** The public key of the simulated WeChat Pay. */
  readonly publicKey: string;
  readonly #keys: string;

  /**
   * Makes the folder where it is missing.
   * @throws CodedError KEY_FOLDER_TAKEN for one with keys that are not the simulator's: a real merchant's have the same
   * names, and the private one exists nowhere else. Or Error of the file system.
   */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.privateKey = join(folder, 'apiclient_key.pem');
    this.publicKey = join(folder, 'pub_key.pem');
    this.#keys = join(folder, 'merchant.json');
    if (existsSync(this.#keys)) return;
    for (const file of [this.privateKey, this.publicKey]) {
      if (existsSync(file)) throw commandErrors.KEY_FOLDER_TAKEN({ data: { file } });
    }
  }

  /** The keys of an earlier run of that merchant, so that a server notices nothing of the restart; undefined when there are none. */
  read(mchId: string): MerchantKeys | undefined {
    try {
      const keys = JSON.parse(readFileSync(this.#keys, 'utf8')) as MerchantKeys;
      return keys.mchId === mchId ? keys : undefined;
    } catch {
      // New keys are as good.
      return undefined;
    }
  }

  write(keys: MerchantKeys, { privateKeyPem, publicKeyPem }: MerchantCredentials): void {
    writeOwn(this.#keys, `${JSON.stringify(keys)}\n`);
    writeOwn(this.privateKey, privateKeyPem);
    writeOwn(this.publicKey, publicKeyPem);
  }
}

/** Whole or not at all, and never readable by others, not even of an older file. */
function writeOwn(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}
