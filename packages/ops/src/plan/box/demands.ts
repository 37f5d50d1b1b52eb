import type { Bytes, Text } from '@maque/kit';
import type { Component } from '../component.ts';
import { inMiB } from '../in-mebibytes.ts';
import type { PlanRequest } from './box-request.ts';
import { boxFor } from './box-reserve.ts';
import { measuredPeak } from './calibration.ts';
import { layOut, onePiece } from './layout.ts';
import { limitsFor } from './limits.ts';
import { fixedPart } from './part.ts';
import { modelOf } from './service-list.ts';
import type { ServiceDemand, ServiceShare } from './service-model.ts';
import type { ServiceKind, ServiceRequest } from './service-request.ts';
import { systemPart } from './system-part.ts';

const MEASURED: Text = { en: 'its greatest PSS, measured on this box', zh: '本机实测的最大 PSS' };

/** What a service needs. Where its size is what it is and was measured on this box, that counts. */
export function demandOn(service: ServiceRequest, plan: PlanRequest): ServiceDemand {
  const demand = modelOf(service.kind).demand(service, { box: plan.box, plan });
  const measured = measuredBytes(service, demand, plan);
  return measured === undefined ? demand : { floorBytes: measured, ceilingBytes: measured, weight: 0 };
}

/** What a service gets out of an offer. */
export function shareOf(
  service: ServiceRequest,
  offered: Bytes,
  plan: PlanRequest,
): ServiceShare<ServiceKind> {
  const model = modelOf(service.kind);
  const around = { box: plan.box, plan };
  const demand = model.demand(service, around);
  const measured = measuredBytes(service, demand, plan);
  if (measured === undefined) return model.share(service, offered, around);
  const { planned } = model.share(service, demand.floorBytes, around);
  const { lines } = layOut(service.name, onePiece([measuredPart(service.name, measured)]), measured);
  return { planned: { ...planned, ...limitsFor(measured, planned.oomScoreAdj) }, lines };
}

/** The demands as components, one a service, to be spread over a box. */
export function demandsOf(plan: PlanRequest): readonly Component[] {
  return plan.services.map((service) => {
    const demand = demandOn(service, plan);
    const { floorBytes, ceilingBytes } = demand;
    // An offer is met in whole bytes; where nothing is left to choose it is met exactly.
    const settle = (offered: Bytes) => (floorBytes === ceilingBytes ? floorBytes : offered);
    const name = { en: service.name, zh: service.name };
    return { code: service.name, name, ...demand, settle, formula: () => '', source: name };
  });
}

/** The least of the system and all services together, without the reserve. */
export function leastUse(plan: PlanRequest): Bytes {
  return leastOf(plan).usedBytes;
}

/** What services keep back for page cache and bursts within their own least. */
export function keptInside(plan: PlanRequest): Bytes {
  return leastOf(plan).keptBytes;
}

/** The smallest box on which every service has its least. */
export function leastBox(plan: PlanRequest): Bytes {
  const { usedBytes, keptBytes } = leastOf(plan);
  return boxFor(usedBytes, keptBytes);
}

/** In one pass: who looks for the border of what fits asks for it some thousand times. */
function leastOf(plan: PlanRequest): { readonly usedBytes: Bytes; readonly keptBytes: Bytes } {
  let usedBytes = systemPart(plan)?.floorBytes ?? 0;
  let keptBytes = 0;
  for (const service of plan.services) {
    const demand = demandOn(service, plan);
    usedBytes += demand.floorBytes;
    keptBytes += demand.keptBackBytes ?? 0;
  }
  return { usedBytes, keptBytes };
}

export function fitsBox(plan: PlanRequest): boolean {
  return leastBox(plan) <= plan.box.memoryBytes;
}

function measuredBytes(
  { kind, name }: ServiceRequest,
  { floorBytes, ceilingBytes }: ServiceDemand,
  { calibration }: PlanRequest,
): Bytes | undefined {
  const chosen = floorBytes !== ceilingBytes || modelOf(kind).boundBySettings;
  return chosen ? undefined : measuredPeak(calibration, name);
}

function measuredPart(service: string, bytes: Bytes) {
  return fixedPart({
    code: 'MEASURED',
    name: { en: service, zh: service },
    bytes,
    formula: inMiB(bytes),
    errorBytes: 0,
    source: MEASURED,
  });
}
