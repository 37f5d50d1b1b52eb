import type { Bytes, Text } from '@maque/kit';
import type { Outcome } from './check.ts';
import type { DatabaseAnswer } from './facts/database-answer.ts';
import type { DatabaseServer } from './facts/database-servers.ts';
import type { SettingName } from './facts/database-settings.ts';
import { cannotRead, NOT_APPLICABLE } from './outcomes.ts';
import type { Patient } from './patient.ts';

const NEEDS_FILES: Text = {
  en: '{name}: {setting} may stand in {path}, which cannot be read; run the doctor as root',
  zh: '{name}：{setting} 可能写在 {path} 里，但无法读取；请以 root 运行',
};
const NEEDS_LOGIN: Text = {
  en: '{name}: only the database itself tells {what}, and it did not let the doctor in without a password ({reason}); run it as root, with root@localhost let in by its socket (unix_socket or auth_socket)',
  zh: '{name}：{what} 只有数据库自己知道，而它没有让医生免密登录（{reason}）；请以 root 运行，并让 root@localhost 用套接字认证（unix_socket 或 auth_socket）',
};

/** Asks the same of every database here. */
export async function lookAtDatabases(
  patient: Patient,
  judge: (server: DatabaseServer) => Outcome | undefined | Promise<Outcome | undefined>,
): Promise<readonly Outcome[]> {
  const servers = await patient.databaseServers();
  if (servers.kind === 'absent') return NOT_APPLICABLE;
  if (servers.kind !== 'value') return [cannotRead('/proc', servers)];
  const outcomes = (await Promise.all(servers.value.map(judge))).filter((outcome) => outcome !== undefined);
  return outcomes.length === 0 ? NOT_APPLICABLE : outcomes;
}

/** The same where the answer depends on the memory that there is. */
export async function lookAtDatabasesIn(
  patient: Patient,
  judge: (server: DatabaseServer, totalBytes: Bytes) => Outcome,
): Promise<readonly Outcome[]> {
  const room = await patient.memoryRoom();
  return lookAtDatabases(patient, (server) =>
    room.kind === 'value' ? judge(server, room.value.totalBytes) : cannotRead('/proc/meminfo', room),
  );
}

/** What a check says when a setting cannot be known. */
export function needsFiles({ name, files }: DatabaseServer, setting: SettingName): Outcome {
  return {
    kind: 'unknown',
    reason: NEEDS_FILES,
    data: { name, setting, path: files.refused[0] ?? 'my.cnf' },
  };
}

/** What a check says when only a login would tell. */
export function needsLogin({ name, answer }: DatabaseServer, what: Text): Outcome {
  const reason = answer.kind === 'unreadable' ? answer.reason : 'no client or socket';
  return { kind: 'unknown', reason: NEEDS_LOGIN, data: { name, what, reason } };
}

export function answerOf({ answer }: DatabaseServer): DatabaseAnswer | undefined {
  return answer.kind === 'value' ? answer.value : undefined;
}

/** Whether apps share the box with the databases. */
export async function isBoxShared(patient: Patient): Promise<boolean> {
  const services = await patient.services();
  if (services.kind !== 'value') return true;
  return services.value.some(({ programs }) =>
    (['node', 'java', 'python', 'php', 'redis'] as const).some((program) => programs.has(program)),
  );
}
