import { join } from 'node:path';
import { createSimulator } from '@maque/wechat/simulator';
import { waitForFirstAnswer } from '../stacks/first-answer.ts';
import { repositoryFolder } from '../stacks/paths.ts';
import { ServiceProcess } from '../stacks/service-process.ts';
import type { BoxContext, BoxPart } from './box-part.ts';
import { fileAt, move } from './moved-files.ts';
import { unitCommand } from './unit-command.ts';

const COMMAND = join(repositoryFolder, 'packages/maque/bin/maque.js');
const SHOP = join(repositoryFolder, 'examples/shop');
const WECHAT = { appId: 'wx-simulator', secret: 'simulator' } as const;

/** The shop as its rendered unit starts it, under the keeper. */
export interface StartedShop extends BoxPart {
  readonly dataDir: string;
}

/** WeChat is the simulator, in this process: outside the box, as WeChat is. */
export async function startShop(context: BoxContext): Promise<StartedShop> {
  const { ports, folder, node } = context;
  const simulator = createSimulator({ ...WECHAT, port: 0 });
  const wechat = await simulator.listen();
  context.closing.push('wechat simulator', () => simulator.close());
  const dataDir = join(folder, 'shop');
  const unit = fileAt(context.files, '/etc/systemd/system/shop.service').content;
  const moved = move(unit, [
    ['/usr/bin/node ', `${node} `],
    ['/opt/maque/bin/maque.js ', `${COMMAND} `],
    [' start /srv/shop ', ` start ${SHOP} `],
    ['/var/lib/shop', dataDir],
    // In prod it takes no simulator for WeChat.
    ['--env prod ', '--env staging '],
  ]);
  const { command, args, env } = unitCommand(moved);
  const part = context.enter('shop', unit);
  const service = await ServiceProcess.start(
    { ...context, launcher: part.launcher },
    {
      name: 'shop',
      command,
      args,
      env: { ...context.programs.environment, ...env, ...environmentFile(wechat) },
    },
  );
  await waitForFirstAnswer({ host: '127.0.0.1', port: ports.app }, () => service.assertRunning());
  return { ...part, dataDir };
}

/** What the owner of the box would write into `/etc/maque/shop.env`. */
function environmentFile(wechat: string): Readonly<Record<string, string>> {
  return {
    MAQUE_WECHAT_APP_ID: WECHAT.appId,
    MAQUE_WECHAT_SECRET: WECHAT.secret,
    MAQUE_WECHAT_BASE_URL: wechat,
    MAQUE_TRUSTED_PROXY: '127.0.0.1',
    // A worker that waits for one of this machine's cores is not one that hangs: looking where takes 70 MiB for a moment.
    MAQUE_HANG_NOTICE: '9s',
    // A few users stand for thousands: they are counted as always, and never too many.
    MAQUE_RATE_LIMIT_USER: '1000000000',
  };
}
