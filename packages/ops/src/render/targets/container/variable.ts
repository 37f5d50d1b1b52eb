import type { Text } from '@maque/kit';
import type { Meaning } from '../../meaning.ts';
import type { CONTAINER_ROWS } from './container-rows.ts';

export type ContainerMeanings = Readonly<Record<keyof typeof CONTAINER_ROWS, Meaning>>;

/** A variable; where it carries a number, with what that means. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly meaning?: Meaning;
  readonly formula?: string;
  /** Why it is so. */
  readonly note?: Text;
}

/** Where what our keeper keeps has its data inside its container. */
export const DATA_FOLDER = '/data';
