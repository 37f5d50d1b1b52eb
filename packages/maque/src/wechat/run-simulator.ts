import { once } from 'node:events';
import { resolve } from 'node:path';
import { say, type Text } from '@maque/kit';
import type { PushTarget } from '@maque/wechat/simulator';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { startSimulatedWechat } from './simulated-wechat.ts';

const WORDS = {
  on: {
    en: 'WeChat simulator at {url}: anyone can log in as anyone, with the code demo-1, demo-2 …',
    zh: '微信模拟器：{url} （任何人可冒充任何人登录，code 用 demo-1、demo-2 …）',
  },
  page: {
    en: 'Open that address in a browser to pay, to send pushes and to see messages.',
    zh: '用浏览器打开该地址，即可支付、发送推送、查看消息。',
  },
  use: { en: 'A server that is to use it:', zh: '让服务使用它：' },
} satisfies Record<string, Text>;

// Where `maque dev` and `maque start` listen unless told.
const USUAL_SERVER = 'http://127.0.0.1:8080';

/** `maque wechat-sim`: the simulator alone, until Ctrl-C or SIGTERM. */
export async function runSimulator({ options, surroundings }: Invocation): Promise<ExitCode> {
  const { terminal, language, cwd } = surroundings;
  const told = (name: string) => textOf(options[name]);
  const keyFolder = told('keys');
  const simulator = await startSimulatedWechat({
    port: readPort(options.port),
    appId: told('app-id'),
    secret: told('secret'),
    serverUrl: (told('server') ?? USUAL_SERVER).replace(/\/+$/, ''),
    push: readPush(told),
    mchId: told('mch-id'),
    ...(keyFolder === undefined ? {} : { keyFolder: resolve(cwd, keyFolder) }),
  });
  terminal.out(say(WORDS.on, language, { url: simulator.url }));
  terminal.out(say(WORDS.page, language));
  terminal.out(say(WORDS.use, language));
  for (const [name, value] of Object.entries(simulator.environment)) terminal.out(`  ${name}=${value}`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await simulator.close();
  return 0;
}

/** What was said of message push; the simulator checks it. */
function readPush(told: (name: string) => string | undefined): Partial<PushTarget> {
  const given = {
    url: told('push-url'),
    token: told('push-token'),
    encodingAesKey: told('push-aes-key'),
    mode: told('push-mode'),
    format: told('push-format'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function readPort(raw: string | boolean | undefined): number | undefined {
  if (raw === undefined) return undefined;
  const port = Number(raw);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw commandErrors.PORT_INVALID({ data: { port: raw } });
}

function textOf(raw: string | boolean | undefined): string | undefined {
  return typeof raw === 'string' ? raw : undefined;
}
