export { tighter } from './box-memory.ts';
export { CgroupReader, memoryGroupOf, readGroupLimit } from './cgroup-reader.ts';
export { createFileReader, type FileReader } from './file-reader.ts';
export { readHost } from './host-reader.ts';
export { statField } from './proc-text.ts';
export { PLANNED_OLD_SPACE_ENV } from './process-facts.ts';
export { pageSizeFrom, parseStatm } from './process-memory.ts';
