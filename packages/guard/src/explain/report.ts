export type {
  CodePosition,
  Evidence,
  LeakReport,
  PileClaim,
  Refusal,
  RouteClaim,
  SiteClaim,
} from './leak-report.ts';
export { renderLeakReport, reportHeadlines } from './report-text.ts';
