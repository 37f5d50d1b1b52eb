import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { writeNginx } from '../../packages/ops/testing/nginx-folder.ts';
import { ServiceProcess } from '../stacks/service-process.ts';
import { waitUntil } from '../stacks/wait-until.ts';
import type { BoxContext, BoxPart } from './box-part.ts';
import { fileAt } from './moved-files.ts';

const UNIT = /nginx\.service\.d\/50-/;

/** nginx with its rendered files. Its workers run as the user of this run: they write into its folder. */
export async function startNginx(context: BoxContext): Promise<BoxPart> {
  const folder = join(context.folder, 'nginx');
  mkdirSync(folder, { recursive: true });
  const user = process.getuid?.() === 0 ? 'root' : 'www-data';
  const files = context.files.map((file) => ({
    ...file,
    content: file.content.replace(/^user www-data;$/m, `user ${user};`),
  }));
  const config = writeNginx(files, folder, context.ports);
  const part = context.enter('nginx', fileAt(context.files, UNIT).content);
  const service = await ServiceProcess.start(
    { ...context, launcher: part.launcher },
    {
      name: 'nginx',
      command: context.programs.files.nginx,
      args: ['-p', folder, '-c', config, '-e', join(folder, 'log/error.log'), '-g', 'daemon off;'],
      env: context.programs.environment,
    },
  );
  const isUp = async () => {
    service.assertRunning();
    return await takesConnections(context.ports.https);
  };
  await waitUntil(isUp, { what: 'nginx', timeoutMs: 10_000, everyMs: 20 });
  return part;
}

async function takesConnections(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
