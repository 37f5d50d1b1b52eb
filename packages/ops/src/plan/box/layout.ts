import type { Bytes } from '@maque/kit';
import { lineOf } from '../budget-lines.ts';
import { type Shares, spread, sumOfCeilings, sumOfFloors } from '../spread.ts';
import type { Part } from './part.ts';
import type { PlannedLine } from './planned-line.ts';
import type { ServiceDemand } from './service-model.ts';

/** What a service is made of. */
export interface Layout {
  /** Held once, however many processes there are. */
  readonly once: readonly Part[];
  /** Held by each process. */
  readonly each: readonly Part[];
  readonly fewest: number;
  readonly most: number;
}

/** A layout within an offer. */
export interface LaidOut {
  readonly processes: number;
  /** Bytes of the part with this code, in one process where it is held by each. */
  of(code: string): Bytes;
  readonly lines: readonly PlannedLine[];
  readonly budgetBytes: Bytes;
}

/** A service of one piece. */
export function onePiece(once: readonly Part[]): Layout {
  return { once, each: [], fewest: 1, most: 1 };
}

export function demandOf({ once, each, fewest, most }: Layout, weight: number): ServiceDemand {
  return {
    floorBytes: sumOfFloors(once) + fewest * sumOfFloors(each),
    ceilingBytes: sumOfCeilings(once) + most * sumOfCeilings(each),
    weight,
  };
}

/** As many processes as fit with every part at its least, and the rest spread among their parts. */
export function layOut(service: string, layout: Layout, offeredBytes: Bytes): LaidOut {
  const { once, each } = layout;
  const processes = mostWithin(layout, offeredBytes);
  const shared = spread(once, offeredBytes - processes * sumOfFloors(each));
  const perProcess = spread(each, (offeredBytes - shared.total) / processes);
  const lines = [
    ...once.map((part) => plannedLine(service, part, 1, shared)),
    ...each.map((part) => plannedLine(service, part, processes, perProcess)),
  ];
  return {
    processes,
    of: (code) => lines.find((line) => line.code === code)?.bytesEach ?? 0,
    lines,
    budgetBytes: lines.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function mostWithin({ once, each, fewest, most }: Layout, offeredBytes: Bytes): number {
  const floorEach = sumOfFloors(each);
  if (floorEach === 0) return most;
  const fitting = Math.floor((offeredBytes - sumOfFloors(once)) / floorEach);
  return Math.min(most, Math.max(fewest, fitting));
}

function plannedLine(service: string, part: Part, count: number, shares: Shares): PlannedLine {
  const line = lineOf(part, count, Math.floor(shares.of(part.code)));
  return { ...line, service, errorBytes: count * part.errorBytes };
}
