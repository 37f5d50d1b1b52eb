export { ByteCache, type ByteCacheOptions, type ByteCacheStats } from './byte-cache.ts';
export { type Clock, createManualClock, type ManualClock, systemClock } from './clock.ts';
export { type ClosingFault, ClosingStack } from './closing-stack.ts';
export {
  CodedError,
  type CodedErrorOptions,
  defineErrors,
  type ErrorDefinition,
  type ErrorDetail,
  type ErrorFault,
  type ErrorMakers,
  type ErrorTable,
} from './errors.ts';
export { inBothLanguages, type Language, languageFrom, say, type Text, type TextData } from './language.ts';
export { LastReading, type LastReadingOptions } from './last-reading.ts';
export { nearestName } from './nearest-name.ts';
export { PassingSet } from './passing-set.ts';
export { RecentMap } from './recent-map.ts';
export { RingBuffer } from './ring-buffer.ts';
export {
  defineSettings,
  formatSetting,
  type ResolvedSettings,
  resolveSettings,
  type SettingDefinition,
  SettingsError,
  type SettingsOf,
  type SettingsProblem,
  type SettingsSource,
  type SettingsTable,
  type SettingType,
} from './settings.ts';
export {
  type Bytes,
  DAY,
  formatBytes,
  formatDuration,
  GiB,
  HOUR,
  KiB,
  MINUTE,
  MiB,
  type Milliseconds,
  parseBytes,
  parseDuration,
  SECOND,
} from './units.ts';
export { withinLimit } from './within-limit.ts';
