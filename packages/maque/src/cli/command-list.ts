import { adminLinkCommand } from '../commands/admin-link.ts';
import { alertTestCommand } from '../commands/alert-test.ts';
import { backupCommand } from '../commands/backup.ts';
import { backupsCommand } from '../commands/backups.ts';
import { configCommand } from '../commands/config.ts';
import { dbDiffCommand } from '../commands/db-diff.ts';
import { dbHistoryCommand } from '../commands/db-history.ts';
import { dbMigrateCommand } from '../commands/db-migrate.ts';
import { dbRollbackCommand } from '../commands/db-rollback.ts';
import { deployCommand } from '../commands/deploy.ts';
import { devCommand } from '../commands/dev.ts';
import { doctorCommand } from '../commands/doctor.ts';
import { eventsCommand } from '../commands/events.ts';
import { guardCompareCommand } from '../commands/guard-compare.ts';
import { guardRedactCommand } from '../commands/guard-redact.ts';
import { guardReplayCommand } from '../commands/guard-replay.ts';
import { logsCommand } from '../commands/logs.ts';
import { oomCommand } from '../commands/oom.ts';
import { planCommand } from '../commands/plan.ts';
import { psCommand } from '../commands/ps.ts';
import { recycleCommand } from '../commands/recycle.ts';
import { renderCommand } from '../commands/render.ts';
import { restoreCommand } from '../commands/restore.ts';
import { runCommand } from '../commands/run.ts';
import { snapshotCommand } from '../commands/snapshot.ts';
import { startCommand } from '../commands/start.ts';
import { topCommand } from '../commands/top.ts';
import { wechatSimCommand } from '../commands/wechat-sim.ts';
import type { Command } from './command.ts';

/** Every command, in the order in which the help shows them. */
export const commands: readonly Command[] = [
  devCommand,
  startCommand,
  runCommand,
  psCommand,
  topCommand,
  logsCommand,
  eventsCommand,
  recycleCommand,
  deployCommand,
  snapshotCommand,
  planCommand,
  renderCommand,
  doctorCommand,
  oomCommand,
  configCommand,
  backupCommand,
  backupsCommand,
  restoreCommand,
  dbDiffCommand,
  dbMigrateCommand,
  dbRollbackCommand,
  dbHistoryCommand,
  adminLinkCommand,
  alertTestCommand,
  guardReplayCommand,
  guardCompareCommand,
  guardRedactCommand,
  wechatSimCommand,
];
