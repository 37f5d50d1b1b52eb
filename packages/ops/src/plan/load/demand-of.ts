import { type Bytes, formatBytes } from '@maque/kit';
import type { LoadRequest, PlanRequest } from '../box/box-request.ts';
import type { DauSource, Demand } from './capacity.ts';
import {
  ASSUMED_DAU,
  PROGRAM_HABITS,
  type ProgramHabits,
  REQUEST_SECONDS,
  UPLOAD_BYTES,
} from './program-habits.ts';
import { shortNumber } from './short-number.ts';

const HOUR_SECONDS = 3600;

/** What the box will be asked at the peak: what was told, and the habits of the kind of program for the rest. */
export function demandOf(request: PlanRequest): Demand {
  const { load } = request;
  const habits = PROGRAM_HABITS[load.program];
  const users = usersOf(load, habits);
  const peak = peakOf(load, habits, users.dau);
  const uploads = uploadsOf(request, habits, users.dau);
  const answer = answerOf(request, habits);
  const requestsPerDay = users.dau * habits.requestsPerUserDay;
  return {
    ...users,
    peakQps: peak.qps,
    concurrency: load.peakConcurrency ?? peak.qps * REQUEST_SECONDS,
    sockets: load.sockets ?? Math.ceil(users.dau * habits.socketShare),
    socketBytesPerSecond: habits.socketBytesPerSecond,
    diskBytesPerDay: users.dau * habits.storedBytesPerUserDay + uploads.bytesPerDay,
    answerBytes: answer.bytes,
    uploadBytesPerRequest: uploads.bytesPerDay / requestsPerDay,
    formulas: {
      peakQps: peak.formula,
      concurrency:
        load.peakConcurrency === undefined
          ? `${shortNumber(peak.qps)} × ${REQUEST_SECONDS}`
          : shortNumber(load.peakConcurrency),
      sockets:
        load.sockets === undefined ? `${users.dau} × ${habits.socketShare}` : shortNumber(load.sockets),
      diskBytesPerDay: `${users.dau} × ${formatBytes(habits.storedBytesPerUserDay)}${uploads.formula}`,
      answerBytes: answer.formula,
    },
  };
}

/** Requests a second at the peak that one user of a day comes to. */
function qpsPerUser({ requestsPerUserDay, busiestHourShare, burst }: ProgramHabits): number {
  return ((requestsPerUserDay * busiestHourShare) / HOUR_SECONDS) * burst;
}

function usersOf(load: LoadRequest, habits: ProgramHabits): { dau: number; dauSource: DauSource } {
  if (load.dau !== undefined) return { dau: Math.max(1, load.dau), dauSource: 'told' };
  const toldQps = load.peakQps ?? qpsOfConcurrency(load);
  if (toldQps !== undefined)
    return { dau: Math.max(1, Math.round(toldQps / qpsPerUser(habits))), dauSource: 'derived' };
  if (load.sockets !== undefined && habits.socketShare > 0)
    return { dau: Math.max(1, Math.round(load.sockets / habits.socketShare)), dauSource: 'derived' };
  return { dau: ASSUMED_DAU, dauSource: 'assumed' };
}

function peakOf(load: LoadRequest, habits: ProgramHabits, dau: number): { qps: number; formula: string } {
  if (load.peakQps !== undefined) return { qps: load.peakQps, formula: shortNumber(load.peakQps) };
  const { requestsPerUserDay, busiestHourShare, burst } = habits;
  const byUsers = {
    qps: dau * qpsPerUser(habits),
    formula: `${dau} × ${requestsPerUserDay} × ${busiestHourShare} ÷ ${HOUR_SECONDS} × ${burst}`,
  };
  const qps = qpsOfConcurrency(load);
  // Both were told in different words; who plans for the smaller of them is surprised by the other.
  if (qps === undefined || qps <= byUsers.qps) return byUsers;
  return { qps, formula: `${load.peakConcurrency} ÷ ${REQUEST_SECONDS}` };
}

/** Little's law: requests at once are requests a second times the seconds that each takes. */
function qpsOfConcurrency({ peakConcurrency }: LoadRequest): number | undefined {
  return peakConcurrency === undefined ? undefined : peakConcurrency / REQUEST_SECONDS;
}

function uploadsOf(
  { load, elsewhere }: PlanRequest,
  habits: ProgramHabits,
  dau: number,
): { bytesPerDay: Bytes; formula: string } {
  if (elsewhere?.includes('object-store') === true) return { bytesPerDay: 0, formula: '' };
  const perDay = load.uploadsPerDay ?? dau * habits.uploadsPerUserDay;
  const each = load.uploadBytes ?? UPLOAD_BYTES;
  return {
    bytesPerDay: perDay * each,
    formula: perDay === 0 ? '' : ` + ${shortNumber(perDay)} × ${formatBytes(each)}`,
  };
}

function answerOf(
  { calibration, elsewhere }: PlanRequest,
  habits: ProgramHabits,
): { bytes: Bytes; formula: string } {
  const { answerBytes, fileBytesPerRequest } = habits;
  const measured = calibration?.answerBytes;
  if (elsewhere?.includes('object-store') === true) {
    // What was measured may have counted the pictures, which no longer pass through here.
    const bytes = Math.min(measured ?? answerBytes, answerBytes);
    return { bytes, formula: formatBytes(bytes) };
  }
  if (measured !== undefined) return { bytes: measured, formula: formatBytes(measured) };
  return {
    bytes: answerBytes + fileBytesPerRequest,
    formula: `${formatBytes(answerBytes)} + ${formatBytes(fileBytesPerRequest)}`,
  };
}
