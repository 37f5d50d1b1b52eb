import {
  defineSettings,
  languageFrom,
  resolveSettings,
  SettingsError,
  type SettingsOf,
  say,
} from '@maque/kit';
import { type MetricsAddress, parseMetricsAddress } from './metrics-address.ts';

/** What `@maque/guard/register` reads from the environment. */
export const REGISTER_SETTINGS = defineSettings({
  metrics: {
    type: 'string',
    env: 'MAQUE_GUARD_METRICS',
    meaning: {
      en: 'Where to tell metrics: a port, or host:port. Another host than this one wants a token',
      zh: '在哪里提供指标:端口,或 主机:端口。本机之外的地址必须配置令牌',
    },
  },
  metricsToken: {
    type: 'string',
    env: 'MAQUE_GUARD_METRICS_TOKEN',
    secret: true,
    meaning: {
      en: 'Asked of who reads metrics, as Authorization: Bearer',
      zh: '读取指标所需的令牌,放在 Authorization: Bearer 中',
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
  appVersion: {
    type: 'string',
    env: 'MAQUE_GUARD_APP_VERSION',
    meaning: {
      en: 'Version of the app for the baseline; from npm_package_version unless told',
      zh: '用于基线的应用版本;默认取 npm_package_version',
    },
  },
});

export interface RegisterSettings extends Omit<SettingsOf<typeof REGISTER_SETTINGS>, 'metrics'> {
  readonly metrics: MetricsAddress | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings; what is wrong is as if it were not set, and said in `problems`, a line each.
 * @param env usually `process.env`.
 */
export function readRegisterSettings(env: Environment): {
  readonly settings: RegisterSettings;
  readonly problems: readonly string[];
} {
  const language = languageFrom(env.LC_ALL ?? env.LANG);
  const problems: string[] = [];
  const values = resolveLeniently(env, (error) => problems.push(...error.linesIn(language)));
  const address = values.metrics === undefined ? undefined : parseMetricsAddress(values.metrics);
  if (address === null) {
    problems.push(say(NO_ADDRESS, language, { value: JSON.stringify(values.metrics?.slice(0, 60)) }));
  } else if (address !== undefined && !address.isLoopback && values.metricsToken === undefined) {
    problems.push(say(NO_TOKEN, language, { host: address.host }));
    return { settings: { ...values, metrics: undefined }, problems };
  }
  return { settings: { ...values, metrics: address ?? undefined }, problems };
}

/** All that is right: what is wrong is told, taken out, and the rest read again. */
function resolveLeniently(env: Environment, tell: (error: SettingsError) => void) {
  const read = (entries: Environment) =>
    resolveSettings(REGISTER_SETTINGS, [{ kind: 'env', label: 'environment', entries }], ['MAQUE_GUARD_'])
      .values;
  try {
    return read(env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    tell(error);
    const wrong = new Set(error.problems.map(({ key }) => key));
    return read(Object.fromEntries(Object.entries(env).filter(([key]) => !wrong.has(key))));
  }
}

const NO_ADDRESS = {
  en: 'environment: MAQUE_GUARD_METRICS must be a port or host:port such as 127.0.0.1:9464, not {value}',
  zh: 'environment:MAQUE_GUARD_METRICS 应为端口或 主机:端口(如 127.0.0.1:9464),而不是 {value}',
};

const NO_TOKEN = {
  en: 'environment: MAQUE_GUARD_METRICS on {host} can be read by others, so it needs MAQUE_GUARD_METRICS_TOKEN; metrics stay off',
  zh: 'environment:MAQUE_GUARD_METRICS 监听 {host},其他机器也能读取,必须设置 MAQUE_GUARD_METRICS_TOKEN;指标端口未开启',
};
