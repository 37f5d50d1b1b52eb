import { nextFreePort } from '../start/ports.ts';

export interface SimulatedWechatOptions {
  /** The port to take; without it the first free one from `fromPort` on. */
  readonly port?: number | undefined;
  readonly fromPort?: number;
  readonly appId?: string | undefined;
  readonly secret?: string | undefined;
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

// After the usual ports of server and metrics.
const FROM_PORT = 8082;

/** Starts the simulator. @throws CodedError NO_FREE_PORT, or the system's error for a port that was asked for. */
export async function startSimulatedWechat(options: SimulatedWechatOptions): Promise<SimulatedWechat> {
  const { createSimulator } = await import('@maque/wechat/simulator');
  const { appId = APP_ID, secret = SECRET } = options;
  const port = options.port ?? (await nextFreePort(options.fromPort ?? FROM_PORT));
  const simulator = createSimulator({ appId, secret, port });
  const url = await simulator.listen();
  return {
    url,
    environment: { MAQUE_WECHAT_APP_ID: appId, MAQUE_WECHAT_SECRET: secret, MAQUE_WECHAT_BASE_URL: url },
    close: () => simulator.close(),
  };
}
