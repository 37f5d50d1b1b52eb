import { defineSettings, GiB, MiB, type SettingsOf } from '@maque/kit';
import { serverSettings } from '@maque/server/config/settings-table';
import { alertSettings } from './alert-settings.ts';
import { outputSettings } from './output-settings.ts';
import { supervisionSettings } from './supervision-settings.ts';

/** How workers are kept, beside what one server is told. */
export const keeperSettings = defineSettings({
  workers: {
    type: 'integer',
    env: 'MAQUE_WORKERS',
    flag: 'workers',
    min: 1,
    max: 64,
    meaning: {
      en: 'Worker processes; by default as many as cores and memory suggest, 2 at least where they fit',
      zh: '工作进程数；默认按核数与内存推算，装得下时至少 2 个',
    },
    memoryEffect: { en: 'Divides the budget', zh: '瓜分内存预算' },
  },
  memory: {
    type: 'bytes',
    env: 'MAQUE_MEMORY',
    flag: 'memory',
    min: 16 * MiB,
    meaning: {
      en: 'Memory budget of all processes together, e.g. 512M; by default what there is, 2 GiB at most',
      zh: '全部进程合计的内存预算，如 512M；默认取可用内存，最多 2 GiB',
    },
    memoryEffect: { en: 'Is the budget', zh: '即内存预算' },
  },
  heap: {
    type: 'bytes',
    env: 'MAQUE_HEAP',
    flag: 'heap',
    min: 16 * MiB,
    max: 64 * GiB,
    meaning: {
      en: 'Old space of each worker in whole MiB, e.g. 256M (--max-old-space-size); by default what the budget has room for',
      zh: '每个工作进程的老生代（--max-old-space-size），整 MiB，如 256M；默认按内存预算分配',
    },
    memoryEffect: {
      en: 'In every worker, with three semi-spaces of 4, 8 or 16 MiB on top',
      zh: '每个工作进程各占一份，另加 3 个 4、8 或 16 MiB 的半空间',
    },
  },
  metricsPort: {
    type: 'port',
    env: 'MAQUE_METRICS_PORT',
    flag: 'metrics-port',
    meaning: {
      en: 'Loopback port of /metrics; by default the first free one after the port of the server',
      zh: '本机 /metrics 端口；默认取服务端口之后第一个空闲端口',
    },
  },
  ...outputSettings,
  ...supervisionSettings,
});

/** What commands need to find a keeper that runs. */
export const keeperPlaceSettings = { env: serverSettings.env, dataDir: serverSettings.dataDir };

/** Every setting that `maque start` knows. */
export const maqueSettings = { ...serverSettings, ...keeperSettings, ...alertSettings };

export type MaqueSettings = SettingsOf<typeof maqueSettings>;
