import { boxFields, loadFields } from './box-fields.ts';
import type { RequestField } from './request-field.ts';

/** A flag that says one value of a request. */
export interface RequestFlag {
  readonly flag: string;
  readonly part: 'box' | 'load';
  readonly field: RequestField;
}

/** The flag that lists what runs on the box. */
export const SERVICES_FLAG = 'with';
/** The flag that lists what runs on other machines. */
export const ELSEWHERE_FLAG = 'elsewhere';

const { bound: _, ...toldOfBox } = boxFields;

/** Every value that has a flag of its own, in the order in which the help shows them. */
export const requestFlags: readonly RequestFlag[] = [
  ...Object.entries(toldOfBox).map(([name, field]) => ({
    flag: kebabCase(name),
    part: 'box' as const,
    field,
  })),
  ...Object.entries(loadFields).map(([name, field]) => ({
    flag: kebabCase(name),
    part: 'load' as const,
    field,
  })),
];

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
