import type { PlanRequest } from '../box/box-request.ts';
import { boxFields, calibrationFields, loadFields } from './box-fields.ts';
import { exactSize, type RequestFields, writeField } from './request-field.ts';
import { serviceFields } from './service-fields.ts';

/** The text of a request file: what was told and nothing else, in the words of the command line. */
export function writePlanRequest({ box, services, elsewhere, load, calibration }: PlanRequest): string {
  const file = {
    box: sectionOf(boxFields, box),
    services: services.map((service) => ({
      kind: service.kind,
      name: service.name,
      ...sectionOf(serviceFields[service.kind], service),
    })),
    ...(elsewhere === undefined ? {} : { elsewhere }),
    load: sectionOf(loadFields, load),
    ...(calibration === undefined
      ? {}
      : {
          calibration: {
            ...sectionOf(calibrationFields, calibration),
            ...(calibration.peakBytes === undefined ? {} : { peakBytes: peaksOf(calibration.peakBytes) }),
          },
        }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function sectionOf(fields: RequestFields, values: object): Record<string, unknown> {
  const written = Object.entries(fields).flatMap(([name, field]) => {
    const value = field.to.split('.').reduce(within, values as unknown);
    return value === undefined ? [] : [[name, writeField(field, value)] as const];
  });
  return Object.fromEntries(written);
}

function within(values: unknown, name: string): unknown {
  return typeof values === 'object' && values !== null ? Reflect.get(values, name) : undefined;
}

function peaksOf(peaks: Readonly<Record<string, number>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(peaks).map(([name, bytes]) => [name, exactSize(bytes)]));
}
