export type { Style } from '../present/style.ts';
export { CAUSES, type CauseCode } from './causes.ts';
export { FIXES } from './fixes.ts';
export { formatOom, oomMarkdown } from './format-oom.ts';
export type { Culprit, Kill, KillMechanism, MemoryShare } from './kill.ts';
export { MECHANISM_TEXTS } from './mechanisms.ts';
export { type OomJson, oomJson } from './oom-json.ts';
export { OomReader, type OomReaderOptions, type OomReport } from './oom-reader.ts';
export { oomSchema } from './oom-schema.ts';
export { readLogLines } from './read-log-lines.ts';
export {
  availableMemory,
  buildTimeline,
  eventsOfKills,
  eventsOfLog,
  memoryOfKill,
} from './timeline/build-timeline.ts';
export {
  findAccessLogs,
  findDataFolders,
  readJournalEvents,
  readPackageEvents,
  readTraffic,
} from './timeline/gather-evidence.ts';
export { type ClockFacts, isoInZone, type Moment, momentOf, parseZone } from './timeline/moments.ts';
export type {
  Around,
  Evidence,
  MemorySeries,
  Missing,
  Timeline,
  TimelineEvent,
} from './timeline/timeline.ts';
