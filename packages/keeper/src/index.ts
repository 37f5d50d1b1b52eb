export { describeBootFailure } from './boot-failure.ts';
export { type ControlAnswer, controlRequest } from './control/control-client.ts';
export { createKeeper, type Keeper } from './keeper.ts';
export { describeEvent, type EventCode, type KeeperEvent } from './keeper-events.ts';
export { EVENTS_FILE, parseEvent, readEventFile } from './logs/event-file.ts';
export { OUTPUT_LOG, OutputLog } from './logs/output-log.ts';
export { agedName } from './logs/rotating-file.ts';
export type { KeeperOptions, LaunchOptions, WorkerLimits } from './options.ts';
export type { OutputLine, OutputMode } from './process/worker-output.ts';
