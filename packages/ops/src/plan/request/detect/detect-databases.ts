import type { Text } from '@maque/kit';
import type { DatabaseServer } from '../../../doctor/facts/database-servers.ts';
import { amountOf, isOn, type SettingName } from '../../../doctor/facts/database-settings.ts';
import type { DetectedService } from './detected-service.ts';
import type { HostFacts } from './host-facts.ts';

const UNKNOWN: Text = {
  en: '{name}: {settings} may stand in a file that only root reads; the plan chooses',
  zh: '{name}：{settings} 可能写在仅 root 可读的文件里，由规划决定',
};

/** MariaDB and MySQL with the settings that they go by. */
export function detectDatabases({ databases }: HostFacts): readonly DetectedService[] {
  return databases.map((server) => {
    const { flavor, process } = server;
    const poolBytes = amount(server, 'innodb_buffer_pool_size');
    const connections = amount(server, 'max_connections');
    const schema = server.setting('performance_schema')?.value;
    const missing = [
      ...(poolBytes === undefined ? ['innodb_buffer_pool_size'] : []),
      ...(connections === undefined ? ['max_connections'] : []),
    ];
    return {
      service: {
        kind: flavor,
        name: flavor,
        ...(poolBytes === undefined ? {} : { poolBytes }),
        ...(connections === undefined ? {} : { connections }),
        ...(schema === undefined ? {} : { performanceSchema: isOn(schema) }),
      },
      pids: [process.pid],
      notes:
        missing.length === 0
          ? []
          : [{ text: UNKNOWN, data: { name: server.name, settings: missing.join(', ') } }],
    };
  });
}

function amount(server: DatabaseServer, name: SettingName): number | undefined {
  const value = amountOf(server.setting(name)?.value ?? '');
  return Number.isNaN(value) ? undefined : value;
}
