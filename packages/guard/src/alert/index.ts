export {
  type AlertFacts,
  type BoxFacts,
  type CrashLoop,
  type Death,
  type Examination,
  factsOf,
  type Incident,
  type ProcessFacts,
} from './alert-facts.ts';
export type { AlertMessage, AlertSource } from './alert-message.ts';
export { alertOnSamples, type SampleAlertOptions, type SampleSource } from './alert-on-samples.ts';
export type { AlertOptions } from './alert-options.ts';
export { alertOptionsOf, lonelyAlertSetting } from './alert-options-of.ts';
export { type AlertSettings, alertSettings } from './alert-settings.ts';
export {
  type Alerter,
  type AlerterState,
  type AlerterSurroundings,
  createAlerter,
  type OpenAlert,
} from './alerter.ts';
export { createBoxCpuReader } from './box-cpu.ts';
export type { ChannelName } from './channel.ts';
export type { ChannelState, DeliveryReport } from './channel-queue.ts';
export type { ChannelOptions } from './channels/create-channel.ts';
export type { AlertEvent, AlertKind, Severity } from './condition.ts';
export { RULE_NAMES, type RuleLimits, type RuleName } from './rules.ts';
export { sendTestAlert, type TestOutcome } from './send-test-alert.ts';
