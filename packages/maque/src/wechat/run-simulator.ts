import { once } from 'node:events';
import { say, type Text } from '@maque/kit';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { startSimulatedWechat } from './simulated-wechat.ts';

const WORDS = {
  on: {
    en: 'WeChat simulator at {url}: anyone can log in as anyone, with the code demo-1, demo-2 …',
    zh: '微信模拟器:{url} (任何人可冒充任何人登录,code 用 demo-1、demo-2 …)',
  },
  use: { en: 'A server that is to use it:', zh: '让服务使用它:' },
} satisfies Record<string, Text>;

/** `maque wechat-sim`: the simulator alone, until Ctrl-C or SIGTERM. */
export async function runSimulator({ options, surroundings }: Invocation): Promise<ExitCode> {
  const { terminal, language } = surroundings;
  const simulator = await startSimulatedWechat({
    port: readPort(options.port),
    appId: textOf(options['app-id']),
    secret: textOf(options.secret),
  });
  terminal.out(say(WORDS.on, language, { url: simulator.url }));
  terminal.out(say(WORDS.use, language));
  for (const [name, value] of Object.entries(simulator.environment)) terminal.out(`  ${name}=${value}`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await simulator.close();
  return 0;
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
