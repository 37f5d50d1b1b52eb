export type { Style } from '../present/style.ts';
export { formatOom, oomMarkdown } from './format-oom.ts';
export type { Culprit, Kill, KillMechanism, MemoryShare } from './kill.ts';
export { oomJson } from './oom-json.ts';
export { OomReader, type OomReaderOptions, type OomReport } from './oom-reader.ts';
export { readLogLines } from './read-log-lines.ts';
