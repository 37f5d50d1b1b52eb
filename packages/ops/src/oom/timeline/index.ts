export { isElsewhere } from '../same-kill.ts';
export {
  availableMemory,
  buildTimeline,
  eventsOfKills,
  eventsOfLog,
  memoryOfKill,
} from './build-timeline.ts';
export {
  findAccessLogs,
  findDataFolders,
  readJournalEvents,
  readPackageEvents,
  readTraffic,
} from './gather-evidence.ts';
export { type ClockFacts, type Moment, momentOf } from './moments.ts';
export type { Around, Evidence, MemorySeries, Missing, Timeline, TimelineEvent } from './timeline.ts';
