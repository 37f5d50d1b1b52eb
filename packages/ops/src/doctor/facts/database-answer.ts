import type { Host, Reading } from '../host/host.ts';
import { SETTING_NAMES } from './database-settings.ts';

/** A way in: a client, and the server's socket. */
export interface DatabaseDoor {
  readonly client: string;
  readonly socket: string;
}

/** What a server says of itself. */
export interface DatabaseAnswer {
  readonly door: DatabaseDoor;
  readonly settings: ReadonlyMap<string, string>;
  readonly status: ReadonlyMap<string, number>;
}

/** MariaDB's, MySQL's, and that of BT panel. */
const CLIENTS = ['mariadb', 'mysql', '/www/server/mysql/bin/mysql'];
const STATUS_NAMES = [
  ...['Uptime', 'Max_used_connections', 'Threads_connected', 'Created_tmp_tables', 'Created_tmp_disk_tables'],
  ...['Innodb_buffer_pool_reads', 'Innodb_buffer_pool_read_requests'],
  ...['Innodb_buffer_pool_pages_free', 'Innodb_buffer_pool_pages_total'],
];

const listOf = (names: readonly string[]) => names.map((name) => `'${name}'`).join(',');

export const ASK_SETTINGS =
  `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${listOf(SETTING_NAMES)}); ` +
  `SHOW GLOBAL STATUS WHERE Variable_name IN (${listOf(STATUS_NAMES)})`;

/**
 * Words for the client. It brings no password along, not even that of a file in root's home; and it hands out no file,
 * should somebody else's server ask for one.
 */
export function clientArguments(socket: string, sql: string): readonly string[] {
  return [
    ...['--no-defaults', '--user=root', '--protocol=socket', `--socket=${socket}`, '--local-infile=0'],
    ...['--connect-timeout=2', '--skip-column-names', '--batch', `--execute=${sql}`],
  ];
}

/** Absent where there is no client or no socket. */
export async function askDatabase(host: Host, sockets: readonly string[]): Promise<Reading<DatabaseAnswer>> {
  for (const socket of sockets) {
    const there = await host.stat(socket);
    if (there.kind === 'absent') continue;
    for (const client of CLIENTS) {
      const door = { client, socket };
      const rows = await ask(host, door, ASK_SETTINGS);
      if (rows.kind === 'absent') continue;
      return rows.kind === 'value' ? { kind: 'value', value: answerOf(door, rows.value) } : rows;
    }
  }
  return { kind: 'absent' };
}

/** Rows of an answer. What is unreadable says why in the words of the server's code, such as `ERROR 1045 (28000)`. */
export async function ask(
  host: Host,
  { client, socket }: DatabaseDoor,
  sql: string,
): Promise<Reading<readonly (readonly string[])[]>> {
  const output = await host.run(client, clientArguments(socket, sql));
  if (output.kind !== 'value') return output;
  const { stdout, stderr, code } = output.value;
  if (code !== 0)
    return { kind: 'unreadable', reason: /ERROR \d+ \(\w+\)/.exec(stderr)?.[0] ?? `exit code ${code}` };
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { kind: 'value', value: lines.map((line) => line.split('\t')) };
}

function answerOf(door: DatabaseDoor, rows: readonly (readonly string[])[]): DatabaseAnswer {
  const pairs = rows.map(([name = '', value = '']) => [name, value] as const);
  const isStatus = new Set(STATUS_NAMES);
  return {
    door,
    settings: new Map(pairs.filter(([name]) => !isStatus.has(name))),
    status: new Map(
      pairs.filter(([name]) => isStatus.has(name)).map(([name, value]) => [name, Number(value)] as const),
    ),
  };
}
