import type { Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { ask } from '../facts/database-answer.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';
import { isOn } from '../facts/database-settings.ts';
import { openAddresses, openPublished, publishedPorts } from '../facts/open-ports.ts';
import { answerOf, lookAtDatabases, needsFiles } from '../look-at-databases.ts';
import { cannotRead } from '../outcomes.ts';
import type { Patient } from '../patient.ts';
import { setDatabase } from '../repairs/set-database.ts';

/** Whether there is a password is asked, never which. */
export const ASK_ACCOUNTS = "SELECT user, host, plugin, authentication_string = '' FROM mysql.user";

/** The other plugins ask the system who it is. */
const WITH_PASSWORD =
  /^(|mysql_native_password|caching_sha2_password|sha256_password|ed25519|mysql_old_password)$/;
/** Accounts that servers make for themselves and lock. */
const OWN_ACCOUNTS = /^(mariadb\.sys|mysql\.(sys|session|infoschema))$/;
const LOCAL = /^(localhost|127\.0\.0\.1|::1)$/;

const OPEN: Text = {
  en: '{name} listens on {addresses}, for accounts from anywhere ({accounts})',
  zh: '{name} 监听 {addresses}，且有账号允许从任意地址登录（{accounts}）',
};
const OPEN_UNKNOWN: Text = {
  en: '{name} listens on {addresses}; which accounts may log in from outside only a login would tell',
  zh: '{name} 监听 {addresses}；哪些账号可从外部登录，要登录后才知道',
};
const OPEN_LOCAL: Text = {
  en: '{name} listens on {addresses}, though all its accounts are for this box',
  zh: '{name} 监听 {addresses}，而所有账号都只允许本机登录',
};
const NO_PASSWORD: Text = {
  en: '{name}: accounts without a password: {accounts}',
  zh: '{name}：以下账号没有密码：{accounts}',
};

export const databaseExposure: Check = {
  id: 'D9',
  name: 'database-exposure',
  group: 'database',
  title: { en: 'Who can reach the database', zh: '数据库对外暴露' },
  why: {
    en: 'A database port on a public address is tried within hours, and MariaDB and MySQL listen on all addresses unless they are told otherwise. The app is on the same box: 127.0.0.1 is enough.',
    zh: '公网上的数据库端口几小时内就会被扫描爆破；MariaDB 和 MySQL 不设置就监听所有地址。应用在同一台机器上，127.0.0.1 就够了。',
  },
  explanation: {
    en: 'What a server listens on tells who may knock: 127.0.0.1 is this box alone, 0.0.0.0 is everybody whom the firewall and the security group of the cloud let through. Two doors are better than one.',
    zh: '监听地址决定谁能敲门：127.0.0.1 只有本机，0.0.0.0 则是防火墙和安全组放行的所有人。不要只靠一道门。',
  },
  async look(patient) {
    return lookAtDatabases(patient, (server) => judge(server, patient));
  },
};

async function judge(server: DatabaseServer, patient: Patient): Promise<Outcome> {
  const { name } = server;
  const accounts = await readAccounts(server, patient);
  const bare = accounts?.filter(({ hasPassword }) => !hasPassword).map(({ who }) => who) ?? [];
  const addresses = await addressesOf(server, patient);
  if ('kind' in addresses) return addresses;
  const data = { name, addresses: addresses.join(', '), accounts: bare.join(', ') };
  const evidence = `${name}: ${addresses.length === 0 ? 'no address that others reach' : `listens on ${data.addresses}`}${bare.length === 0 ? '' : `; no password: ${data.accounts}`}`;
  const finding = { kind: 'finding', severity: 'critical', data, evidence } as const;
  if (bare.length > 0) return { ...finding, text: NO_PASSWORD, fix: setPasswords(bare) };
  if (addresses.length === 0) return { kind: 'ok', evidence };
  const fix = closePort(server);
  if (accounts === undefined) return { ...finding, text: OPEN_UNKNOWN, fix };
  const remote = accounts.filter(({ isLocal }) => !isLocal).map(({ who }) => who);
  if (remote.length === 0) return { ...finding, severity: 'warning', text: OPEN_LOCAL, fix };
  return { ...finding, text: OPEN, data: { ...data, accounts: remote.join(', ') }, fix };
}

interface Account {
  readonly who: string;
  readonly isLocal: boolean;
  readonly hasPassword: boolean;
}

async function readAccounts(
  server: DatabaseServer,
  { host }: Patient,
): Promise<readonly Account[] | undefined> {
  const answer = answerOf(server);
  if (answer === undefined) return undefined;
  const rows = await ask(host, answer.door, ASK_ACCOUNTS);
  if (rows.kind !== 'value') return undefined;
  return rows.value
    .filter(([user = '']) => !OWN_ACCOUNTS.test(user))
    .map(([user = '', from = '', plugin = '', isEmpty]) => ({
      who: `'${user}'@'${from}'`,
      isLocal: LOCAL.test(from),
      hasPassword: !(WITH_PASSWORD.test(plugin) && isEmpty === '1'),
    }));
}

/** Where it listens for others; an outcome where that cannot be told. */
async function addressesOf(server: DatabaseServer, patient: Patient): Promise<readonly string[] | Outcome> {
  const port = server.setting('port');
  if (port === undefined) return needsFiles(server, 'port');
  if (server.service.container !== null) {
    const processes = await patient.processes();
    return processes.kind === 'value'
      ? openPublished(publishedPorts(processes.value), Number(port.value))
      : [];
  }
  const off = server.setting('skip_networking');
  if (off !== undefined && isOn(off.value)) return [];
  const sockets = await patient.listeningSockets();
  return sockets.kind === 'value'
    ? openAddresses(sockets.value, Number(port.value))
    : cannotRead('/proc/net/tcp', sockets);
}

function closePort(server: DatabaseServer): readonly FixLine[] {
  if (server.service.container === null) return setDatabase(server, ['bind_address = 127.0.0.1']);
  const where = { en: 'docker-compose.yml, at the service', zh: 'docker-compose.yml 中对应的服务' };
  return [{ where, lines: ['ports:', '  - "127.0.0.1:3306:3306"'] }];
}

function setPasswords(accounts: readonly string[]): readonly FixLine[] {
  return [
    {
      where: {
        en: 'in the client of the database, with a password of your own',
        zh: '在数据库客户端里执行，换成自己的密码',
      },
      lines: accounts.map((account) => `ALTER USER ${account} IDENTIFIED BY '…';`),
    },
  ];
}
