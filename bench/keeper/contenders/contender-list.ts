import type { Contender } from './contender.ts';
import { maqueContender } from './maque.ts';
import { plainClusterContender } from './plain-cluster.ts';
import { pm2Contender } from './pm2.ts';
import { wattContender } from './watt.ts';

/** In the order of the table's columns. */
export const CONTENDERS: readonly Contender[] = [
  maqueContender,
  pm2Contender,
  wattContender,
  plainClusterContender,
];
