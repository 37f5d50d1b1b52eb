import type { Patient } from '../../doctor/patient.ts';
import type { BoxRequest } from '../box/box-request.ts';
import { detectAgents, detectOthers } from './detect/detect-agents.ts';
import { detectBox } from './detect/detect-box.ts';
import { detectDatabases } from './detect/detect-databases.ts';
import { detectJava } from './detect/detect-java.ts';
import { detectMaque } from './detect/detect-maque.ts';
import { detectNginx } from './detect/detect-nginx.ts';
import { detectNode } from './detect/detect-node.ts';
import { detectPython } from './detect/detect-python.ts';
import { detectRedis } from './detect/detect-redis.ts';
import { detectWatchers } from './detect/detect-watchers.ts';
import type { DetectedService } from './detect/detected-service.ts';
import { type HostFacts, readHostFacts } from './detect/host-facts.ts';
import { ownName } from './own-name.ts';

/** What a box is and what runs on it, as a request says it. */
export interface DetectedHost {
  readonly box: Pick<BoxRequest, 'diskBytes' | 'swapBytes'>;
  readonly services: readonly DetectedService[];
}

/** Looks at a running server through the doctor's eyes; changes nothing and needs no root, which sees more. */
export async function requestOfHost(patient: Patient): Promise<DetectedHost> {
  const [box, facts] = await Promise.all([detectBox(patient), readHostFacts(patient)]);
  return { box, services: servicesOf(facts) };
}

/** Pure: who is counted by what is known of it is not counted again by its size alone. */
export function servicesOf(facts: HostFacts): readonly DetectedService[] {
  const found: DetectedService[] = [];
  const claimed = new Set<number>();
  const add = (services: readonly DetectedService[]) => {
    for (const service of services) {
      found.push(service);
      for (const pid of service.pids) claimed.add(pid);
    }
  };
  add(detectNginx(facts));
  add(detectMaque(facts));
  add(detectNode(facts, claimed));
  add(detectJava(facts));
  add(detectPython(facts));
  add(detectDatabases(facts));
  add(detectRedis(facts));
  add(detectWatchers(facts));
  add(detectAgents(facts));
  add(detectOthers(facts, claimed));
  return withOwnNames(found);
}

/** The second `redis` is `redis-2`. */
function withOwnNames(services: readonly DetectedService[]): readonly DetectedService[] {
  const taken = new Set<string>();
  return services.map((detected) => {
    const { service } = detected;
    const name = ownName(service.name, taken);
    taken.add(name);
    return { ...detected, service: { ...service, name } };
  });
}
