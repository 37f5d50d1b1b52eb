import { defineSettings, type SettingsOf, say } from '@maque/kit';
import { type MetricsAddress, parseMetricsAddress } from './metrics-address.ts';
import {
  type Environment,
  type EnvironmentReading,
  languageOf,
  readEnvironment,
} from './read-environment.ts';

/** What `@maque/guard/register` reads from the environment. */
export const REGISTER_SETTINGS = defineSettings({
  metrics: {
    type: 'string',
    env: 'MAQUE_GUARD_METRICS',
    meaning: {
      en: 'Where to tell metrics: a port, or host:port. Another host than this one wants a token',
      zh: '在哪里提供指标：端口，或 主机:端口。本机之外的地址必须配置令牌',
    },
  },
  metricsToken: {
    type: 'string',
    env: 'MAQUE_GUARD_METRICS_TOKEN',
    secret: true,
    meaning: {
      en: 'Asked of who reads metrics, as Authorization: Bearer',
      zh: '读取指标所需的令牌，放在 Authorization: Bearer 中',
    },
  },
  baseline: {
    type: 'path',
    env: 'MAQUE_GUARD_BASELINE',
    meaning: {
      en: 'File that remembers what memory is usual for each version of the app',
      zh: '记住应用每个版本正常内存水平的文件',
    },
  },
  reports: {
    type: 'path',
    env: 'MAQUE_GUARD_REPORTS',
    meaning: {
      en: 'Folder for the reports on suspected leaks',
      zh: '疑似泄漏报告的存放目录',
    },
  },
  appVersion: {
    type: 'string',
    env: 'MAQUE_GUARD_APP_VERSION',
    meaning: {
      en: 'Version of the app for the baseline; from npm_package_version unless told',
      zh: '用于基线的应用版本；默认取 npm_package_version',
    },
  },
});

export interface RegisterSettings extends Omit<SettingsOf<typeof REGISTER_SETTINGS>, 'metrics'> {
  readonly metrics: MetricsAddress | undefined;
}

/** Reads what concerns the guard itself. */
export function readRegisterSettings(env: Environment): EnvironmentReading<RegisterSettings> {
  const { values, problems } = readEnvironment(REGISTER_SETTINGS, env, 'MAQUE_GUARD_');
  if (values.metrics === undefined) return { values: { ...values, metrics: undefined }, problems };
  const address = parseMetricsAddress(values.metrics);
  const fault = faultOf(address, values.metrics, values.metricsToken);
  if (fault === null) return { values: { ...values, metrics: address ?? undefined }, problems };
  return {
    values: { ...values, metrics: undefined },
    problems: [...problems, say(fault.text, languageOf(env), fault.data)],
  };
}

function faultOf(address: MetricsAddress | null, given: string, token: string | undefined) {
  if (address === null) return { text: NO_ADDRESS, data: { value: JSON.stringify(given.slice(0, 60)) } };
  if (address.isLoopback || token !== undefined) return null;
  return { text: NO_TOKEN, data: { host: address.host } };
}

const NO_ADDRESS = {
  en: 'environment: MAQUE_GUARD_METRICS must be a port or host:port such as 127.0.0.1:9464, not {value}',
  zh: 'environment：MAQUE_GUARD_METRICS 应为端口或 主机:端口（如 127.0.0.1:9464），而不是 {value}',
};

const NO_TOKEN = {
  en: 'environment: MAQUE_GUARD_METRICS on {host} can be read by others, so it needs MAQUE_GUARD_METRICS_TOKEN; metrics stay off',
  zh: 'environment：MAQUE_GUARD_METRICS 监听 {host}，其他机器也能读取，必须设置 MAQUE_GUARD_METRICS_TOKEN；指标端口未开启',
};
