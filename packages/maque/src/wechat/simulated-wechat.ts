import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MerchantCredentials, PushTarget } from '@maque/wechat/simulator';
import { nextFreePort } from '../start/ports.ts';
import { MerchantFiles } from './merchant-files.ts';

export interface SimulatedWechatOptions {
  /** The port to take; without it the first free one from `fromPort` on. */
  readonly port?: number | undefined;
  readonly fromPort?: number;
  readonly appId?: string | undefined;
  readonly secret?: string | undefined;
  /** The server that is to use it: `http://127.0.0.1:8080`. Pushes and notifications of payments go there. */
  readonly serverUrl: string;
  /** Of message push; token and key are made anew unless told. */
  readonly push?: Partial<PushTarget> | undefined;
  /** A merchant number of digits. */
  readonly mchId?: string | undefined;
  /** Where the merchant's keys are kept; a folder that is removed at the end unless told. */
  readonly keyFolder?: string | undefined;
}

/** The simulator in this process, and how servers reach it. */
export interface SimulatedWechat {
  readonly url: string;
  /** Variables that make a server take it for WeChat. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

// No real AppID: those begin with `wx` and 16 hexadecimal digits. The secret guards nothing: the simulator lets
// anyone in as anyone, and listens on loopback only.
const APP_ID = 'wx-simulator';
const SECRET = 'simulator';
const MCH_ID = '1900000001';

// Where a server listens for pushes.
const PUSH_PATH = '/api/wechat/push';

// After the usual ports of server and metrics.
const FROM_PORT = 8082;

// 3.2 MB when full: it lives in the keeper's process, whose plan has 8 MiB for all of the simulator.
const MAX_PAY_RECORDS = 2_000;

/**
 * Starts the simulator.
 * @throws CodedError NO_FREE_PORT, KEY_FOLDER_TAKEN or SIM_REQUEST_INVALID, or the system's error for a port or folder that
 * was asked for.
 */
export async function startSimulatedWechat(options: SimulatedWechatOptions): Promise<SimulatedWechat> {
  const { createSimulator, createEncodingAesKey } = await import('@maque/wechat/simulator');
  const { appId = APP_ID, secret = SECRET, mchId = MCH_ID, serverUrl, keyFolder, push } = options;
  const port = options.port ?? (await nextFreePort(options.fromPort ?? FROM_PORT));
  const pushTarget = {
    url: `${serverUrl}${PUSH_PATH}`,
    token: randomBytes(12).toString('hex'),
    ...(push?.mode === 'plain' ? {} : { encodingAesKey: createEncodingAesKey() }),
    ...push,
  };
  const folder = keyFolder ?? mkdtempSync(join(tmpdir(), 'maque-wechat-'));
  const removeFolder = () => {
    if (keyFolder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const files = new MerchantFiles(folder);
    const keys = files.read(mchId);
    const merchant = { ...(keys === undefined ? { mchId } : { keys }), maxRecords: MAX_PAY_RECORDS };
    const simulator = createSimulator({ appId, secret, port, pushTarget, merchant });
    const credentials = simulator.pay.credentials();
    // Before it listens: what fails here leaves nothing open.
    files.write(simulator.pay.keys(), credentials);
    const url = await simulator.listen();
    return {
      url,
      environment: {
        MAQUE_WECHAT_APP_ID: appId,
        MAQUE_WECHAT_SECRET: secret,
        MAQUE_WECHAT_BASE_URL: url,
        ...pushVariables(pushTarget),
        ...payVariables(url, credentials, files),
        MAQUE_PUBLIC_URL: serverUrl,
      },
      async close() {
        await simulator.close();
        removeFolder();
      },
    };
  } catch (error) {
    removeFolder();
    throw error;
  }
}

function pushVariables({ token, encodingAesKey }: PushTarget): Record<string, string> {
  return {
    MAQUE_WECHAT_PUSH_TOKEN: token,
    ...(encodingAesKey === undefined ? {} : { MAQUE_WECHAT_PUSH_AES_KEY: encodingAesKey }),
  };
}

function payVariables(
  url: string,
  { mchId, serial, apiV3Key, publicKeyId }: MerchantCredentials,
  files: MerchantFiles,
): Record<string, string> {
  return {
    MAQUE_PAY_BASE_URL: url,
    MAQUE_PAY_MCH_ID: mchId,
    MAQUE_PAY_SERIAL: serial,
    MAQUE_PAY_KEY_FILE: files.privateKey,
    MAQUE_PAY_API_V3_KEY: apiV3Key,
    MAQUE_PAY_PUBLIC_KEY_ID: publicKeyId,
    MAQUE_PAY_PUBLIC_KEY_FILE: files.publicKey,
  };
}
