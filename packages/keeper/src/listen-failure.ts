import { type Language, say, type Text } from '@maque/kit';
import type { WorkerLink } from './link-interface.ts';

const TEXTS = {
  taken: {
    en: 'Port {port} is taken by another program; `ss -ltnp` names it',
    zh: '端口 {port} 已被其他程序占用，可用 `ss -ltnp` 查看是谁',
  },
  refused: { en: 'Cannot listen on {place}: {code}', zh: '无法监听 {place}：{code}' },
} satisfies Record<string, Text>;

/** What node:net puts on an error of `listen`; the port is -1 for a unix socket. */
interface ListenError extends NodeJS.ErrnoException {
  readonly address?: string | null;
  readonly port?: number;
}

/**
 * An app that cannot listen and does not care ends with Node's stack, which names no line of the app. The keeper is told
 * in one sentence instead, and Node says nothing. An app that handles its errors is left to do so.
 */
export function tellListenFailure(link: WorkerLink, language: Language): void {
  process.on('uncaughtExceptionMonitor', (error: ListenError) => {
    const isHandled =
      process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
    if (isHandled || (error.syscall !== 'listen' && error.syscall !== 'bind')) return;
    link.failed(explain(error, language));
    process.exit(1);
  });
}

function explain({ code = 'ERROR', address, port }: ListenError, language: Language) {
  const hasPort = port !== undefined && port >= 0;
  if (code === 'EADDRINUSE' && hasPort)
    return { code: 'PORT_IN_USE', message: say(TEXTS.taken, language, { port }) };
  const place = hasPort ? `${address ?? '*'}:${port}` : String(address);
  return { code: 'LISTEN_FAILED', message: say(TEXTS.refused, language, { place, code }) };
}
