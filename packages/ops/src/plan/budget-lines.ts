import type { Bytes } from '@maque/kit';
import type { BudgetLine } from './budget.ts';
import type { Component } from './component.ts';

/** One line of the sum: a component at a size, so many times. At its least unless told. */
export function lineOf(
  component: Component,
  count: number,
  bytesEach: Bytes = component.floorBytes,
): BudgetLine {
  const { code, name, source } = component;
  return {
    code,
    name,
    count,
    bytesEach,
    bytes: count * bytesEach,
    formula: component.formula(bytesEach),
    source,
  };
}

export function sumOfLines(lines: readonly BudgetLine[]): Bytes {
  return lines.reduce((sum, { bytes }) => sum + bytes, 0);
}
