import type { Bytes } from '@maque/kit';
import type { Component } from './component.ts';

/** What each component got. */
export interface Shares {
  /** Zero for a component that is not in the plan. */
  of(code: string): Bytes;
  readonly total: Bytes;
}

/**
 * Gives every component its floor and spreads the rest by weight up to each ceiling, so that what one cannot use
 * goes to the others. More to spread never gives any component less.
 * @param bytes what there is for these components together; at least the sum of their floors.
 */
export function spread(components: readonly Component[], bytes: Bytes): Shares {
  const shares = new Map<string, Bytes>();
  let open: readonly Component[] = components.filter(({ weight }) => weight > 0);
  let left = bytes - sumOfFloors(components);
  let perWeight = 0;
  // Each round closes the components that reach their ceiling, so there are at most as many rounds as components.
  for (;;) {
    perWeight = left / open.reduce((sum, { weight }) => sum + weight, 0);
    const filled = open.filter((component) => roomIn(component) <= component.weight * perWeight);
    if (filled.length === 0) break;
    for (const component of filled) left -= roomIn(component);
    open = open.filter((component) => !filled.includes(component));
  }
  for (const component of components) {
    const offered = open.includes(component)
      ? component.floorBytes + component.weight * perWeight
      : component.ceilingBytes;
    shares.set(component.code, component.settle?.(offered) ?? offered);
  }
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  return { of: (code) => shares.get(code) ?? 0, total };
}

/** The least that these components work with. */
export function sumOfFloors(components: readonly Component[]): Bytes {
  return components.reduce((sum, { floorBytes }) => sum + floorBytes, 0);
}

/** The most that these components make use of. */
export function sumOfCeilings(components: readonly Component[]): Bytes {
  return components.reduce((sum, { ceilingBytes }) => sum + ceilingBytes, 0);
}

function roomIn({ ceilingBytes, floorBytes }: Component): Bytes {
  return ceilingBytes - floorBytes;
}
