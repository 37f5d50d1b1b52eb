import type { FixLine } from '../../findings/finding.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';

/** Folders whose files are read after the others, and the name that comes last in each. */
const FOLDERS = [
  '/etc/mysql/mariadb.conf.d',
  '/etc/mysql/mysql.conf.d',
  '/etc/mysql/conf.d',
  '/etc/my.cnf.d',
];
const FILE = 'zz-small-box.cnf';

/** Lines for the server's configuration. */
export function setDatabase(server: DatabaseServer, lines: readonly string[]): readonly FixLine[] {
  const { service, files } = server;
  const folder = FOLDERS.find((one) => files.paths.some((path) => path.startsWith(`${one}/`)));
  const path = folder === undefined ? (files.paths.at(-1) ?? '/etc/my.cnf') : `${folder}/${FILE}`;
  const restart =
    service.container === null ? `systemctl restart ${service.unit ?? 'mariadb'}` : 'docker restart';
  const inside = service.container === null ? '' : ' (as it is mounted into the container)';
  const inZh = service.container === null ? '' : '（即挂载到容器里的文件）';
  return [
    {
      where: {
        en: `${path}${inside}, group [mysqld]; then: ${restart}`,
        zh: `${path}${inZh} 的 [mysqld] 段；然后执行：${restart}`,
      },
      lines: ['[mysqld]', ...lines],
    },
  ];
}

/** The same, and what does it at once without a restart. */
export function setDatabaseNow(
  server: DatabaseServer,
  settings: Readonly<Record<string, string | number>>,
): readonly FixLine[] {
  const pairs = Object.entries(settings);
  const inBytes = (value: string | number) =>
    String(value).replace(/^(\d+)M$/, (_, mb: string) => String(Number(mb) * 1024 * 1024));
  return [
    ...setDatabase(
      server,
      pairs.map(([name, value]) => `${name} = ${value}`),
    ),
    {
      where: { en: 'until then, in the client of the database', zh: '重启之前，可在数据库客户端里立即生效' },
      lines: pairs.map(([name, value]) => `SET GLOBAL ${name} = ${inBytes(value)};`),
    },
  ];
}
