import { type Bytes, MiB } from '@maque/kit';
import type { DatabaseServer } from './database-servers.ts';
import { amountOf, isOn, type SettingName } from './database-settings.ts';

export interface DatabaseMemory {
  readonly worstBytes: Bytes;
  readonly connections: number;
  readonly eachBytes: Bytes;
  readonly poolBytes: Bytes;
}

// Measured with MariaDB 10.11 in cgroups, pool 32 to 256 MiB, up to 50 connections that sort and join at once.
const BASE_MB = 91;
/** With caches of 8 MiB and less for Aria and MyISAM. */
const SMALL_BASE_MB = 41;
const SMALL_CACHE_BYTES: Bytes = 8 * MiB;
const POOL_FACTOR = 0.97;
/** What performance_schema adds. */
const PERFORMANCE_SCHEMA_MB = 105;
// A busy connection takes 7.8 MiB with temporary tables of 16 MiB, and 2.6 with 1 MiB.
const BUSY_BASE_MB = 2.25;
const BUSY_PER_TABLE_MB = 0.35;

/** What it may take when all connections are busy at once; undefined where a setting is not known. */
export function databaseMemory(server: DatabaseServer): DatabaseMemory | SettingName {
  const names = [
    ...(['max_connections', 'tmp_table_size', 'max_heap_table_size', 'innodb_buffer_pool_size'] as const),
    ...(['performance_schema', 'aria_pagecache_buffer_size', 'key_buffer_size'] as const),
  ];
  const missing = names.find((name) => server.setting(name) === undefined);
  if (missing !== undefined) return missing;
  const amount = (name: SettingName) => amountOf(server.setting(name)?.value ?? '');
  const poolBytes = amount('innodb_buffer_pool_size');
  const tableMb = Math.min(amount('tmp_table_size'), amount('max_heap_table_size')) / MiB;
  const eachBytes = (BUSY_BASE_MB + BUSY_PER_TABLE_MB * tableMb) * MiB;
  const hasSmallCaches =
    server.flavor === 'mariadb' &&
    amount('aria_pagecache_buffer_size') <= SMALL_CACHE_BYTES &&
    amount('key_buffer_size') <= SMALL_CACHE_BYTES;
  const schema = isOn(server.setting('performance_schema')?.value ?? 'OFF') ? PERFORMANCE_SCHEMA_MB : 0;
  const connections = amount('max_connections');
  const fixed = (hasSmallCaches ? SMALL_BASE_MB : BASE_MB) + schema;
  return {
    worstBytes: fixed * MiB + POOL_FACTOR * poolBytes + connections * eachBytes,
    connections,
    eachBytes,
    poolBytes,
  };
}
