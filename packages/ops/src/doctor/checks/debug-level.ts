import type { Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { everywhere } from '../facts/nginx.ts';
import type { ProcessFacts } from '../facts/processes.ts';
import { programName, programOf } from '../facts/program.ts';
import { unitOf } from '../facts/services.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

const APPS = new Set(['node', 'python', 'java', 'php']);
const VERBOSE = /^(debug|trace|silly|verbose|all|\*|debug:.*)$/i;
const LEVEL_NAME = /(^|_)LOG_?LEVEL$|^LOGGING_LEVEL_ROOT$/i;
/** Node's own and that of the package `debug`: anything but nothing. */
const SWITCHES = ['DEBUG', 'NODE_DEBUG'];
const OFF = new Set(['', '0', 'false', 'off', 'no']);
const FLAGS =
  /^--log-?level[= ](debug|trace|all|silly|verbose)$|^-D?-?logging\.level\.root=(debug|trace|all)$/i;
const MOST_VALUE = 60;

const VERBOSE_APP: Text = {
  en: '{program} (pid {pid}) logs for debugging: {setting}',
  zh: '{program}（pid {pid}）正在输出调试日志：{setting}',
};
const VERBOSE_NGINX: Text = {
  en: 'nginx logs for debugging: every request writes hundreds of lines',
  zh: 'nginx 的错误日志为 debug 级别：每个请求写上百行',
};
const GENERAL_LOG: Text = {
  en: 'the database writes every query into a log without a limit (general_log)',
  zh: '数据库开启了 general_log：每条查询都写入没有上限的日志',
};

export const debugLevel: Check = {
  id: 'G9',
  name: 'debug-level',
  group: 'disk',
  title: { en: 'Log levels for debugging', zh: '调试级别的日志' },
  why: {
    en: 'At debug level an app writes ten to a hundred times as much, often with tokens and personal data in it; general_log of a database and debug of nginx fill a disk in days.',
    zh: 'debug 级别的日志量是平时的十到一百倍，还常含令牌与个人信息；数据库的 general_log 与 nginx 的 debug 几天就能写满磁盘。',
  },
  explanation: {
    en: 'Somebody turned it on to look for a fault, and it stayed on. The level stands in the environment of the app (LOG_LEVEL, DEBUG), in its command line, or in the configuration of the server.',
    zh: '有人为排查问题打开了它，之后忘了关。级别写在应用的环境变量（LOG_LEVEL、DEBUG）、命令行或服务的配置文件里。',
  },
  async look(patient) {
    const processes = await patient.processes();
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    const apps = processes.value.filter((process) => APPS.has(programOf(process)) && !isDevelopment(process));
    const problems = [...apps.flatMap(ofApp), ...(await ofNginx(patient)), ...(await ofDatabase(patient))];
    const hidden = apps.filter(({ environment }) => environment === null).length;
    if (hidden > 0) problems.push(cannotRead('/proc/*/environ', { kind: 'unreadable', reason: 'EACCES' }));
    if (problems.length > 0) return problems;
    return apps.length === 0
      ? NOT_APPLICABLE
      : [{ kind: 'ok', evidence: `${apps.length} apps at info or above` }];
  },
};

function isDevelopment({ environment }: ProcessFacts): boolean {
  return environment?.get('MAQUE_ENV') === 'dev' || environment?.get('NODE_ENV') === 'development';
}

function ofApp(process: ProcessFacts): readonly Outcome[] {
  const settings = [...(process.environment ?? [])].filter(
    ([name, value]) =>
      (LEVEL_NAME.test(name) && VERBOSE.test(value)) ||
      (SWITCHES.includes(name) && !OFF.has(value.toLowerCase())),
  );
  const flag = process.commandLine.find((word) => FLAGS.test(word));
  const [name, value = ''] = settings[0] ?? [];
  const setting = name === undefined ? flag : `${name}=${value.slice(0, MOST_VALUE)}`;
  if (setting === undefined) return [];
  const data = { program: unitOf(process.cgroup) ?? programName(process), pid: process.pid, setting };
  const where = {
    en: 'in its environment or command line, then restart it',
    zh: '修改环境变量或命令行后重启',
  };
  const isLevel = name !== undefined && !SWITCHES.includes(name);
  const lines = [isLevel ? `${name}=info` : `# without ${name ?? flag}`];
  return [found(VERBOSE_APP, data, setting, [{ where, lines }])];
}

async function ofNginx(patient: Patient): Promise<readonly Outcome[]> {
  const nginx = await patient.nginx();
  if (nginx.kind !== 'value') return [];
  return nginx.value.flatMap((one) =>
    everywhere(one, 'error_log')
      .filter(({ args }) => args[1]?.startsWith('debug') === true)
      .map(({ args, file, line }) => {
        const where = {
          en: 'in its place, then: nginx -s reload',
          zh: '替换原来的行，然后执行：nginx -s reload',
        };
        const fix = [{ where, lines: [`error_log ${args[0]} warn;`] }];
        return found(VERBOSE_NGINX, {}, `${file}:${line}: error_log ${args.join(' ')}`, fix);
      }),
  );
}

async function ofDatabase(patient: Patient): Promise<readonly Outcome[]> {
  const servers = await patient.databaseServers();
  if (servers.kind !== 'value') return [];
  return servers.value.flatMap(({ files }) => {
    const line = files.lines.findLast(({ name }) => name === 'general_log');
    if (line === undefined || !/^(1|on|true|)$/i.test(line.value)) return [];
    const where = {
      en: `in ${line.path}, and now in the database: SET GLOBAL general_log = 0`,
      zh: `修改 ${line.path}，并在数据库中立即执行：SET GLOBAL general_log = 0`,
    };
    return [
      found(GENERAL_LOG, {}, `${line.path}: general_log=${line.value}`, [
        { where, lines: ['general_log = 0'] },
      ]),
    ];
  });
}

function found(
  text: Text,
  data: Readonly<Record<string, string | number>>,
  evidence: string,
  fix: readonly FixLine[],
): Outcome {
  return { kind: 'finding', severity: 'warning', text, data, evidence, fix };
}
