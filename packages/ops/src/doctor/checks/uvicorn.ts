import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { hasFlag } from '../facts/launch-flags.ts';
import { type PythonServer, readPythonServers } from '../facts/python-servers.ts';
import { unitOf } from '../facts/services.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

const UNBOUNDED: Text = {
  en: '{name} takes any number of requests at once: a rush ends in memory, not in a 503',
  zh: '{name} 对并发请求没有上限：流量突增时耗尽的是内存，而不是返回 503',
};
const RELOADING: Text = {
  en: '{name} runs with --reload: a second process watches all files',
  zh: '{name} 使用了 --reload：会多一个进程监视所有文件',
};

export const uvicorn: Check = {
  id: 'H2',
  name: 'uvicorn',
  group: 'neighbours',
  title: { en: 'Limits of uvicorn', zh: 'uvicorn 的并发上限' },
  why: {
    en: 'An async server accepts whatever comes and keeps it all in memory; --limit-concurrency answers 503 beyond a number that the box can carry. 33 MiB are its floor (measured).',
    zh: '异步服务来者不拒，全部放在内存里；--limit-concurrency 会在超过机器承载能力时返回 503。它的起步内存是 33 MiB（实测）。',
  },
  explanation: {
    en: 'uvicorn runs FastAPI and other async Python apps. 100 requests at once are plenty for a box of 2 GiB; those beyond are told to come back.',
    zh: 'uvicorn 用来运行 FastAPI 等异步 Python 应用。2 GiB 的机器同时处理 100 个请求已足够，多出的让客户端稍后再来。',
  },
  async look(patient) {
    const processes = await patient.processes();
    if (processes.kind === 'unreadable') return [cannotRead('/proc', processes)];
    const servers = await readPythonServers(patient.host, processes.kind === 'value' ? processes.value : []);
    const running = servers.filter(({ kind }) => kind === 'uvicorn');
    return running.length === 0 ? NOT_APPLICABLE : running.flatMap(ofServer);
  },
};

function ofServer({ process, words = [] }: PythonServer): readonly Outcome[] {
  const name = unitOf(process.cgroup) ?? 'uvicorn';
  const evidence = `${name} (pid ${process.pid})`;
  const where = { en: 'in its command line', zh: '修改启动参数' };
  const problems: Outcome[] = [];
  if (hasFlag(words, '--reload')) {
    const fix = [{ where, lines: ['# without --reload'] }];
    problems.push({
      kind: 'finding',
      severity: 'warning',
      text: RELOADING,
      data: { name },
      evidence: `${evidence}: --reload`,
      fix,
    });
  }
  if (!hasFlag(words, '--limit-concurrency')) {
    const fix = [{ where, lines: ['--limit-concurrency 100'] }];
    problems.push({ kind: 'finding', severity: 'info', text: UNBOUNDED, data: { name }, evidence, fix });
  }
  return problems.length > 0 ? problems : [{ kind: 'ok', evidence: `${evidence}: --limit-concurrency` }];
}
