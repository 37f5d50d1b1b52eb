import { type Bytes, type Language, say, type TextData } from '@maque/kit';
import type { BoxChange } from '../box/box-plan.ts';
import type { PlanRequest } from '../box/box-request.ts';
import type { PlannedLine } from '../box/planned-line.ts';
import type { PlannedService } from '../box/planned-service.ts';
import type { Capacity, Demand, Resource, Verdict, VerdictReason } from '../load/capacity.ts';
import type { Upgrade, UpgradeCode } from '../load/upgrade.ts';
import type { BoxReport } from './box-report.ts';
import { serviceSettings } from './service-settings.ts';

/** A count, or null where there is no bound. */
type Bounded = number | null;

interface CapacityJson {
  readonly qps: Bounded;
  readonly saturatedQps: Bounded;
  readonly dau: Bounded;
  readonly sockets: Bounded;
  readonly first: Resource;
  readonly dauByResource: Readonly<Record<Resource, Bounded>>;
  readonly qpsByResource: Readonly<Record<keyof Capacity['qpsByResource'], Bounded>>;
  readonly cpuMicrosPerRequest: number;
  readonly diskDays: Bounded;
  readonly formulas: Capacity['formulas'];
}

/** What `maque plan --json` prints; published as `docs/reference/plan.schema.json`. */
export interface BoxPlanJson {
  readonly version: 1;
  readonly fits: boolean;
  readonly verdict: Verdict;
  readonly reasons: readonly {
    readonly code: string;
    readonly weight: VerdictReason['weight'];
    readonly message: string;
    readonly data: TextData;
  }[];
  readonly request: PlanRequest;
  readonly demand: Demand;
  /** Null for what does not fit. */
  readonly capacity: CapacityJson | null;
  readonly memoryBytes: Bytes;
  /** Adds up to `memoryBytes`; for what does not fit to `neededBytes`. */
  readonly lines: readonly (Omit<PlannedLine, 'name' | 'source'> & {
    readonly name: string;
    readonly source: string;
  })[];
  /** The service whose told budget is too small; the lines are its alone. Null: they are of the box. */
  readonly within: string | null;
  readonly neededBytes: Bytes | null;
  readonly reserveBytes: Bytes | null;
  readonly freeBytes: Bytes | null;
  readonly services: readonly {
    readonly name: string;
    readonly kind: PlannedService['kind'];
    readonly budgetBytes: Bytes;
    readonly memoryHighBytes: Bytes;
    readonly memoryMaxBytes: Bytes;
    readonly oomScoreAdj: number;
    /** As its own configuration writes them. */
    readonly settings: readonly string[];
    /** The same as numbers, and what else was decided. */
    readonly planned: Readonly<Record<string, unknown>>;
  }[];
  /** What makes it fit; empty for what fits. */
  readonly changes: readonly BoxChange[];
  readonly upgrades: readonly {
    readonly code: UpgradeCode;
    readonly title: string;
    readonly boxes: number;
    readonly buys: { readonly dau: Bounded; readonly qps: Bounded; readonly sockets: Bounded };
    readonly capacity: CapacityJson;
    readonly needs: readonly { readonly text: string; readonly settings: readonly string[] }[];
    /** To plan it again: of one of its boxes. */
    readonly request: PlanRequest;
  }[];
}

/** The plan as data for programs, whole. */
export function boxPlanJson(report: BoxReport, language: Language): BoxPlanJson {
  const { plan, demand, capacity, verdict, upgrades } = report;
  return {
    version: 1,
    fits: plan.fits,
    verdict: verdict.verdict,
    reasons: verdict.reasons.map(({ code, weight, text, data }) => ({
      code,
      weight,
      message: say(text, language, data),
      data: inLanguage(data, language),
    })),
    request: plan.request,
    demand,
    capacity: capacity === undefined ? null : capacityJson(capacity),
    memoryBytes: plan.request.box.memoryBytes,
    lines: plan.lines.map((line) => ({
      ...line,
      name: say(line.name, language),
      source: say(line.source, language),
    })),
    within: plan.fits ? null : plan.within,
    neededBytes: plan.fits ? null : plan.neededBytes,
    reserveBytes: plan.fits ? plan.reserveBytes : null,
    freeBytes: plan.fits ? plan.freeBytes : null,
    services: plan.fits ? plan.services.map(serviceJson) : [],
    changes: plan.fits ? [] : plan.changes,
    upgrades: upgrades.map((upgrade) => upgradeJson(upgrade, language)),
  };
}

function serviceJson(service: PlannedService): BoxPlanJson['services'][number] {
  const { kind, request, budgetBytes, memoryHighBytes, memoryMaxBytes, oomScoreAdj, ...planned } = service;
  return {
    name: request.name,
    kind,
    budgetBytes,
    memoryHighBytes,
    memoryMaxBytes,
    oomScoreAdj,
    settings: serviceSettings(service),
    planned: 'budget' in planned ? budgetNumbers(planned.budget) : planned,
  };
}

/** Its lines stand in the sum already. */
function budgetNumbers(budget: Extract<PlannedService, { kind: 'maque' }>['budget']) {
  const { workers, perWorker, server, spareFits, keeperBytes } = budget;
  return { workers, perWorker, server: server ?? null, spareFits, keeperBytes };
}

function upgradeJson(upgrade: Upgrade, language: Language): BoxPlanJson['upgrades'][number] {
  const { code, title, boxes, buys, capacity, needs, request } = upgrade;
  return {
    code,
    title: say(title, language),
    boxes,
    buys: { dau: bounded(buys.dau), qps: bounded(buys.qps), sockets: bounded(buys.sockets) },
    capacity: capacityJson(capacity),
    needs: needs.map(({ text, settings }) => ({ text: say(text, language), settings })),
    request,
  };
}

function capacityJson(capacity: Capacity): CapacityJson {
  const { dauByResource: dau, qpsByResource: qps } = capacity;
  return {
    ...capacity,
    qps: bounded(capacity.qps),
    saturatedQps: bounded(capacity.saturatedQps),
    dau: bounded(capacity.dau),
    sockets: bounded(capacity.sockets),
    diskDays: bounded(capacity.diskDays),
    dauByResource: {
      memory: bounded(dau.memory),
      cpu: bounded(dau.cpu),
      bandwidth: bounded(dau.bandwidth),
      disk: bounded(dau.disk),
    },
    qpsByResource: {
      memory: bounded(qps.memory),
      cpu: bounded(qps.cpu),
      bandwidth: bounded(qps.bandwidth),
    },
  };
}

/** JSON has no infinity. */
function bounded(count: number): Bounded {
  return Number.isFinite(count) ? count : null;
}

/** A datum that is a text in every language is said in one. */
function inLanguage(data: TextData, language: Language): TextData {
  return Object.fromEntries(
    Object.entries(data).map(([name, datum]) => [
      name,
      typeof datum === 'object' ? say({ en: `{${name}}`, zh: `{${name}}` }, language, data) : datum,
    ]),
  );
}
