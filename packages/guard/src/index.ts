export type { AlertOptions } from './alert/alert-options.ts';
export { Collector, collectGarbage } from './collect-garbage.ts';
export type { Pool, PoolVerdict, Verdict } from './detect/verdict.ts';
export type { ExplainOptions } from './explain/explainer.ts';
export type { SuspicionReport } from './explain/explaining.ts';
export type { LeakReport } from './explain/leak-report.ts';
export type { ReportFolderOptions } from './explain/report-place.ts';
export {
  type Metric,
  PROMETHEUS_CONTENT_TYPE,
  renderPrometheus,
} from './export/prometheus.ts';
export type {
  GuardState,
  LeakForecast,
  LeakState,
  PoolReading,
  Pools,
  WorkerStatus,
} from './export/state.ts';
export type { Guard, ReportListener, SampleListener, SuspicionListener } from './guard.ts';
export type { GuardOptions } from './guard-options.ts';
export type { ReleaseComparison } from './leak-watch/baseline.ts';
export type { BaselinePlace } from './leak-watch/baseline-file.ts';
export type { Confirmation, ConfirmedGrowth, ConfirmedPoint } from './leak-watch/confirmation.ts';
export type { SuspicionNews } from './leak-watch/leak-watch.ts';
export type { SuspicionLevel } from './leak-watch/suspicion.ts';
export type {
  Pressure,
  PressureCode,
  PressureLevel,
  PressureLimits,
  PressureReason,
} from './pressure/pressure.ts';
export type { RequestMeter, RequestStats, RouteStats } from './requests/request-meter.ts';
export type { HistoryRange } from './sample/history.ts';
export type { HistoryPoint } from './sample/history-columns.ts';
export type { MemorySample } from './sample/memory-sample.ts';
export type { GuardCost } from './sample/own-cost.ts';
export type { SlowTurnsState } from './slow-turns/slow-turns.ts';
export type { SlowFunction, SlowTurnCause, SlowTurnsReport } from './slow-turns/slow-turns-report.ts';
export type { SnapshotOptions } from './snapshot/snapshot-options.ts';
export type { SnapshotResult } from './snapshot/snapshot-taker.ts';
export { watch } from './watch.ts';
