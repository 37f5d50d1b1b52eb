import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** Node's own, and the next ones, which the other workers of a cluster take. */
const FIRST_PORT = 9229;
const LAST_PORT = 9239;

const OPEN: Text = {
  en: 'an inspector listens on {address}:{port}, for whoever can reach this box: they run any code in the app',
  zh: '调试端口开放在 {address}：{port}：任何能访问本机的人都能在应用中执行任意代码',
};
const LOCAL: Text = {
  en: 'an inspector listens on {address}:{port}: every user and program of this box runs any code in the app',
  zh: '调试端口开放在 {address}：{port}：本机任何用户和程序都能在应用中执行任意代码',
};

export const inspectorOpen: Check = {
  id: 'C11',
  name: 'inspector-open',
  group: 'node',
  title: { en: 'An inspector that was left open', zh: '遗留的调试端口' },
  why: {
    en: 'A signal (SIGUSR1) opens the inspector of any Node app without a flag, and it stays open until a restart; who connects needs no password and has all secrets of the process.',
    zh: '一个信号（SIGUSR1）就能打开任意 Node 应用的调试端口，不需要任何参数，直到重启才会关闭；连接它不需要密码，能拿到进程里的全部密钥。',
  },
  explanation: {
    en: 'The inspector is for Chrome and editors to debug a running app. It listens on port 9229. Flags that open it are told by check C8; this one looks at what really listens.',
    zh: '调试端口供 Chrome 和编辑器调试正在运行的应用，默认监听 9229。启动参数由 C8 检查；这里检查实际监听的端口。',
  },
  async look(patient) {
    const [sockets, nodes] = await Promise.all([patient.listeningSockets(), patient.nodeProcesses()]);
    if (nodes.kind === 'absent') return NOT_APPLICABLE;
    if (sockets.kind !== 'value') return [cannotRead('/proc/net/tcp', sockets)];
    // What was started with the flag is told by C8.
    const flagged = nodes.kind === 'value' && nodes.value.some(({ flags }) => flags.inspector !== undefined);
    const found = sockets.value.filter(({ port }) => port >= FIRST_PORT && port <= LAST_PORT);
    if (flagged || found.length === 0)
      return [{ kind: 'ok', evidence: `ports ${FIRST_PORT}–${LAST_PORT}: none besides flags` }];
    return found.map(
      ({ address, port, isOpen }): Outcome => ({
        kind: 'finding',
        severity: isOpen ? 'critical' : 'warning',
        text: isOpen ? OPEN : LOCAL,
        data: { address, port },
        evidence: `${address}:${port} listens`,
        fix: [
          {
            where: { en: 'see which process it is, and restart it', zh: '查看是哪个进程，并重启它' },
            lines: [`ss -ltnp 'sport = :${port}'`, 'systemctl restart <app>'],
          },
        ],
      }),
    );
  },
};
