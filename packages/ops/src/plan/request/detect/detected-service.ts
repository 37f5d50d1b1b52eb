import type { Text, TextData } from '@maque/kit';
import type { ServiceRequest } from '../../box/service-request.ts';
import { LONGEST_NAME } from '../own-name.ts';

/** A service that runs on the box, with the settings that it really has. */
export interface DetectedService {
  readonly service: ServiceRequest;
  /** Its processes, at the moment of the look. */
  readonly pids: readonly number[];
  readonly notes: readonly DetectionNote[];
}

/** What had to be taken for granted, for it could not be seen. */
export interface DetectionNote {
  readonly text: Text;
  readonly data: TextData;
}

/** A name as plans take it, of a unit or an app: `shop.service` is `shop`. */
export function planName(name: string, otherwise: string): string {
  const plain = name
    .replace(/\.service$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST_NAME);
  return plain === '' ? otherwise : plain;
}
