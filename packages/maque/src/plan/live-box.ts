import { systemClock } from '@maque/kit';
import { readFacts } from '@maque/ops';
import { type Host, localHost, Patient } from '@maque/ops/doctor';
import { type BoxRequest, type DetectedService, requestOfHost } from '@maque/ops/plan';

/** This machine, and all that runs on it. */
export interface LiveBox {
  readonly host: Host;
  readonly box: BoxRequest;
  readonly detected: readonly DetectedService[];
}

/** Looks at this machine; changes nothing. */
export async function readLiveBox(): Promise<LiveBox> {
  const host = localHost(systemClock);
  const { box, services } = await requestOfHost(new Patient(host));
  return { host, box: { ...readFacts(), ...box }, detected: services };
}
