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
export { planBox } from './box/plan-box.ts';
export type { PlannedLine } from './box/planned-line.ts';
export type { PlannedOf, PlannedService } from './box/planned-service.ts';
export { SERVICE_KINDS, type ServiceKind, type ServiceRequest } from './box/service-request.ts';
export { Problems } from './request/problems.ts';
export { parsePlanRequest } from './request/read-plan-request.ts';
export { parseServiceWords, serviceWords } from './request/service-words.ts';
export {
  type RequestFlag,
  readToldRequest,
  requestFlags,
  SERVICES_FLAG,
  type ToldRequest,
  withApp,
  withTold,
} from './request/told-request.ts';
export { writePlanRequest } from './request/write-plan-request.ts';
