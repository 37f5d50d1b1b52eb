export type {
  CodePosition,
  Evidence,
  LeakReport,
  PileClaim,
  Refusal,
  ReportedSnapshot,
  RouteClaim,
  SiteClaim,
} from './leak-report.ts';
export { ReportFolder } from './report-folder.ts';
export type { ReportFolderOptions } from './report-place.ts';
export { renderLeakReport, reportHeadlines } from './report-text.ts';
