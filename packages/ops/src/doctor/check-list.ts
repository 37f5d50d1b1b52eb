import type { Check } from './check.ts';
import { accessLogCost } from './checks/access-log-cost.ts';
import { availableMemory } from './checks/available-memory.ts';
import { backupAge } from './checks/backup-age.ts';
import { binaryLogAge } from './checks/binary-log-age.ts';
import { certificatesValid } from './checks/certificates-valid.ts';
import { cgroupVersion } from './checks/cgroup-version.ts';
import { clockRight } from './checks/clock.ts';
import { cloudAgents } from './checks/cloud-agents.ts';
import { containerLimits } from './checks/container-limits.ts';
import { databaseBufferPool } from './checks/database-buffer-pool.ts';
import { databaseConnections } from './checks/database-connections.ts';
import { databaseExposure } from './checks/database-exposure.ts';
import { databasePools } from './checks/database-pools.ts';
import { databaseTemporaryTables } from './checks/database-temporary-tables.ts';
import { databaseWorstCase } from './checks/database-worst-case.ts';
import { debugLevel } from './checks/debug-level.ts';
import { deletedFiles } from './checks/deleted-files.ts';
import { diskSpace } from './checks/disk-space.ts';
import { earlyKiller } from './checks/early-killer.ts';
import { fileLimits } from './checks/file-limits.ts';
import { groupEvents } from './checks/group-events.ts';
import { gunicorn } from './checks/gunicorn.ts';
import { heapAlertRule } from './checks/heap-alert-rule.ts';
import { hugePages } from './checks/huge-pages.ts';
import { inspectorOpen } from './checks/inspector-open.ts';
import { javaHeap } from './checks/java-heap.ts';
import { javaTotal } from './checks/java-total.ts';
import { journalSize } from './checks/journal-size.ts';
import { largeLogs } from './checks/large-logs.ts';
import { limitsOversold } from './checks/limits-oversold.ts';
import { logFlood } from './checks/log-flood.ts';
import { memoryGrowth } from './checks/memory-growth.ts';
import { memoryHigh } from './checks/memory-high.ts';
import { memoryPressure } from './checks/memory-pressure.ts';
import { monitoring } from './checks/monitoring.ts';
import { nginxBuffers } from './checks/nginx-buffers.ts';
import { nginxConfigTest } from './checks/nginx-config-test.ts';
import { nginxConnections } from './checks/nginx-connections.ts';
import { noSwap } from './checks/no-swap.ts';
import { nodeDevelopmentMode } from './checks/node-development-mode.ts';
import { nodeHeapTooBig } from './checks/node-heap-too-big.ts';
import { nodeHeapUnset } from './checks/node-heap-unset.ts';
import { nodeProcesses } from './checks/node-processes.ts';
import { nodeRelease } from './checks/node-release.ts';
import { nodeSemiSpace } from './checks/node-semi-space.ts';
import { oomHistory } from './checks/oom-history.ts';
import { oomPolicy } from './checks/oom-policy.ts';
import { oomSettings } from './checks/oom-settings.ts';
import { overcommit } from './checks/overcommit.ts';
import { packageJobs } from './checks/package-jobs.ts';
import { payCertificates } from './checks/pay-certificates.ts';
import { performanceSchema } from './checks/performance-schema.ts';
import { pm2Instances } from './checks/pm2-instances.ts';
import { pm2RestartLimit } from './checks/pm2-restart-limit.ts';
import { podLimits } from './checks/pod-limits.ts';
import { redisClients } from './checks/redis-clients.ts';
import { redisExposure } from './checks/redis-exposure.ts';
import { redisForkHeadroom } from './checks/redis-fork-headroom.ts';
import { redisFragmentation } from './checks/redis-fragmentation.ts';
import { redisMaxmemory } from './checks/redis-maxmemory.ts';
import { redisPolicy } from './checks/redis-policy.ts';
import { secretsReadable } from './checks/secrets-readable.ts';
import { slowQueryLog } from './checks/slow-query-log.ts';
import { swapThrash } from './checks/swap-thrash.ts';
import { swappiness } from './checks/swappiness.ts';
import { taskLimits } from './checks/task-limits.ts';
import { tlsAnswer } from './checks/tls-answer.ts';
import { tlsProtocols } from './checks/tls-protocols.ts';
import { unboundedLogs } from './checks/unbounded-logs.ts';
import { unitRestarts } from './checks/unit-restarts.ts';
import { unitWithoutLimit } from './checks/unit-without-limit.ts';
import { unownedMemory } from './checks/unowned-memory.ts';
import { upstreamErrors } from './checks/upstream-errors.ts';
import { uvicorn } from './checks/uvicorn.ts';
import { victimOrder } from './checks/victim-order.ts';
import { websocketDeflate } from './checks/websocket-deflate.ts';
import { wechatFront } from './checks/wechat-front.ts';

/** Every check there is, group by group. */
export const checks: readonly Check[] = [
  // A: memory
  availableMemory,
  memoryPressure,
  noSwap,
  swapThrash,
  swappiness,
  overcommit,
  oomHistory,
  groupEvents,
  oomSettings,
  victimOrder,
  hugePages,
  unownedMemory,
  memoryGrowth,
  earlyKiller,
  // B: units and limits
  cgroupVersion,
  unitWithoutLimit,
  limitsOversold,
  memoryHigh,
  oomPolicy,
  unitRestarts,
  fileLimits,
  taskLimits,
  containerLimits,
  podLimits,
  // C: Node and PM2
  nodeProcesses,
  nodeHeapUnset,
  nodeHeapTooBig,
  nodeSemiSpace,
  pm2RestartLimit,
  pm2Instances,
  nodeRelease,
  nodeDevelopmentMode,
  heapAlertRule,
  websocketDeflate,
  inspectorOpen,
  // D: MariaDB and MySQL
  databaseWorstCase,
  databaseConnections,
  databaseTemporaryTables,
  databaseBufferPool,
  performanceSchema,
  databasePools,
  binaryLogAge,
  slowQueryLog,
  databaseExposure,
  // E: Redis
  redisMaxmemory,
  redisPolicy,
  redisForkHeadroom,
  redisFragmentation,
  redisClients,
  redisExposure,
  // F: nginx, TLS and the mini-program
  nginxConfigTest,
  certificatesValid,
  tlsProtocols,
  nginxBuffers,
  nginxConnections,
  upstreamErrors,
  tlsAnswer,
  accessLogCost,
  payCertificates,
  wechatFront,
  // G: logs, disk, time, backups
  diskSpace,
  journalSize,
  largeLogs,
  deletedFiles,
  logFlood,
  clockRight,
  backupAge,
  unboundedLogs,
  debugLevel,
  secretsReadable,
  // H: what else runs there
  gunicorn,
  uvicorn,
  javaHeap,
  javaTotal,
  monitoring,
  cloudAgents,
  packageJobs,
];
