export { tighter } from './box-memory.ts';
export { CgroupReader, type GroupReading, memoryGroupOf, readGroupLimit } from './cgroup-reader.ts';
export { createFileReader, type FileReader } from './file-reader.ts';
export { type HostReading, readHost } from './host-reader.ts';
export { soleNumber, statField } from './proc-text.ts';
export { pageSizeFrom, parseStatm } from './process-memory.ts';
