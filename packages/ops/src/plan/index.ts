export type { BoxChange, BoxMisfit, BoxPlan } from './box/box-plan.ts';
export {
  type BoxRequest,
  ELSEWHERE,
  type Elsewhere,
  type LoadRequest,
  type PlanRequest,
  PROGRAM_KINDS,
  type ProgramKind,
} from './box/box-request.ts';
export type { Calibration } from './box/calibration.ts';
export { checkRequest } from './box/check-request.ts';
export {
  type ExpectedPeak,
  expectedPeakBytes,
  expectedPeaks,
  type PeakLoad,
} from './box/expected-peak.ts';
export { planBox } from './box/plan-box.ts';
export type { PlannedLine } from './box/planned-line.ts';
export type { PlannedOf, PlannedService } from './box/planned-service.ts';
export {
  APP_KINDS,
  DATABASE_KINDS,
  type MaqueRequest,
  SERVICE_KINDS,
  type ServiceKind,
  type ServiceRequest,
} from './box/service-request.ts';
export { formatBandwidth } from './format-bandwidth.ts';
export {
  type Capacity,
  type Demand,
  type PlanVerdict,
  RESOURCES,
  type Resource,
  VERDICTS,
  type Verdict,
  type VerdictReason,
} from './load/capacity.ts';
export { capacityOf } from './load/capacity-of.ts';
export { demandOf } from './load/demand-of.ts';
export { nextUpgrades } from './load/next-upgrades.ts';
export { UPGRADE_CODES, type Upgrade, type UpgradeCode } from './load/upgrade.ts';
export { verdictOf } from './load/verdict-of.ts';
export { boxPlanSvg } from './picture/box-plan-svg.ts';
export { deploymentText } from './picture/deployment-text.ts';
export { memoryBarText } from './picture/memory-bar-text.ts';
export { type BoxPlanJson, boxPlanJson } from './present/box-plan-json.ts';
export { boxPlanMarkdown } from './present/box-plan-markdown.ts';
export { boxPlanSchema } from './present/box-plan-schema.ts';
export { type BoxReport, reportOn } from './present/box-report.ts';
export { formatBoxPlan, type PlanTextOptions } from './present/format-box-plan.ts';
export type { DetectedService, DetectionNote } from './request/detect/detected-service.ts';
export { Problems, type RequestProblem } from './request/problems.ts';
export { parsePlanRequest } from './request/read-plan-request.ts';
export { type DetectedHost, requestOfHost } from './request/request-of-host.ts';
export { parseServiceWords, serviceWords } from './request/service-words.ts';
export { readToldRequest, type ToldRequest, withApp, withTold } from './request/told-request.ts';
export { writePlanRequest } from './request/write-plan-request.ts';
