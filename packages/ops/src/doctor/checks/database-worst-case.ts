import { type Bytes, formatBytes, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { databaseMemory } from '../facts/database-memory.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';
import { readGroupLimit } from '../facts/group-limit.ts';
import { isBoxShared, lookAtDatabases, needsFiles } from '../look-at-databases.ts';
import { cannotRead } from '../outcomes.ts';
import type { Patient } from '../patient.ts';
import { setDatabase } from '../repairs/set-database.ts';

/** Not all connections sort and join at once. */
const TOLERANCE = 1.5;
/** What a database can have of a box that apps share with it, where no limit says otherwise. */
const SHARE_OF_SHARED_BOX = 1 / 3;
const ADVISED_CONNECTIONS = 50;

const TOO_MUCH: Text = {
  en: '{name} may take {worst} when all of its {connections} connections are busy ({pool} of buffer pool, {each} a connection); {room} is what it can have',
  zh: '{name} 在 {connections} 个连接全忙时最多占用 {worst}（缓冲池 {pool}，每连接 {each}），而它能用的是 {room}',
};

export const databaseWorstCase: Check = {
  id: 'D1',
  name: 'database-worst-case',
  group: 'database',
  title: { en: 'Most memory of the database', zh: '数据库最大内存' },
  why: {
    en: 'The default of 151 connections, each 7.8 MiB in a burst of sorts and joins (measured), is 1.2 GB; and the allocator keeps it when the burst is over.',
    zh: '默认 151 个连接，集中排序和连接查询时每个 7.8 MiB（实测），合计 1.2 GB；而且突发过后内存分配器不会归还。',
  },
  explanation: {
    en: 'A database has memory that it always holds, its cache of tables (the buffer pool), and memory of each connection that works. Settings allow all of it at the same time, and one slow page with many visitors makes it happen.',
    zh: '数据库的内存由三部分组成：常驻部分、缓存表数据的缓冲池，以及每个正在工作的连接。配置允许它们同时用满，而一个慢页面遇上访问高峰就会真的用满。',
  },
  async look(patient) {
    return lookAtDatabases(patient, (server) => judge(server, patient));
  },
};

async function judge(server: DatabaseServer, patient: Patient): Promise<Outcome> {
  const memory = databaseMemory(server);
  if (typeof memory === 'string') return needsFiles(server, memory);
  const room = await patient.memoryRoom();
  if (room.kind !== 'value') return cannotRead('/proc/meminfo', room);
  const { totalBytes } = room.value;
  const budget = await budgetOf(server, patient, totalBytes);
  const evidence = `${server.name}: ${memory.connections} connections × ${formatBytes(memory.eachBytes)} + pool ${formatBytes(memory.poolBytes)} + rest = ${formatBytes(memory.worstBytes)} of ${formatBytes(budget)}`;
  if (memory.worstBytes <= budget * TOLERANCE && memory.worstBytes <= totalBytes)
    return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: memory.worstBytes > totalBytes ? 'critical' : 'warning',
    text: TOO_MUCH,
    data: {
      name: server.name,
      worst: formatBytes(memory.worstBytes),
      connections: memory.connections,
      pool: formatBytes(memory.poolBytes),
      each: formatBytes(memory.eachBytes),
      room: formatBytes(budget),
    },
    evidence,
    fix: setDatabase(server, [
      `max_connections = ${Math.min(ADVISED_CONNECTIONS, memory.connections)}`,
      'tmp_table_size = 1M',
      'max_heap_table_size = 1M',
    ]),
  };
}

/** Its limit where it has one, else its part of the box. */
async function budgetOf(server: DatabaseServer, patient: Patient, totalBytes: Bytes): Promise<Bytes> {
  const mount = await patient.cgroupMount();
  const path = server.process.cgroup;
  const limit =
    mount.kind === 'value' && path !== null ? await readGroupLimit(patient.host, mount.value, path) : null;
  if (limit !== null && limit < totalBytes) return limit;
  return (await isBoxShared(patient)) ? totalBytes * SHARE_OF_SHARED_BOX : totalBytes;
}
