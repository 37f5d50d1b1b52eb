import type { Bytes, Text } from '@maque/kit';

/** One thing that takes memory: what it needs at least, and how much of the rest it makes good use of. */
export interface Component {
  readonly code: string;
  readonly name: Text;
  /** Below this it does not work. */
  readonly floorBytes: Bytes;
  /** Above this it gains nothing worth having. Equal to the floor where the size is what it is. */
  readonly ceilingBytes: Bytes;
  /** Its part of what is left when all floors are met, relative to the other components. */
  readonly weight: number;
  /** Rounds what it is offered down to what it can use; never below the floor. */
  readonly settle?: (offeredBytes: Bytes) => Bytes;
  readonly formula: (bytes: Bytes) => string;
  readonly source: Text;
}

/** A component whose size does not depend on what is left. */
export function fixedComponent(
  component: Pick<Component, 'code' | 'name' | 'source'> & {
    readonly bytes: Bytes;
    readonly formula: string;
  },
): Component {
  const { bytes, formula, ...rest } = component;
  return { ...rest, floorBytes: bytes, ceilingBytes: bytes, weight: 0, formula: () => formula };
}

/** The component at the size that the user told, if they told one. */
export function atSize(component: Component, toldBytes: Bytes | undefined): Component {
  if (toldBytes === undefined) return component;
  const { settle: _, ...rest } = component;
  return { ...rest, floorBytes: toldBytes, ceilingBytes: toldBytes, weight: 0 };
}
