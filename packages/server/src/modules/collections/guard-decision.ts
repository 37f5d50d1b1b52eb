import type { Condition } from '../../define/condition.ts';
import { looksBehind } from '../records/record-fit.ts';
import type { RecordValues } from '../records/record-session.ts';
import type { Guard, WriteAccess } from './access.ts';

/** A change of one record that somebody asks for. */
export interface WishedChange {
  /** Undefined of a record that is yet to be made. */
  readonly before?: RecordValues;
  /** Undefined of a record that is to go. */
  readonly after?: RecordValues;
  /** The fields that the caller sets, whether to another value or to the same. */
  readonly names: readonly string[];
}

/** Whether a record fits a condition; a promise where the database has to be asked. */
export type Fits = (condition: Condition, record: RecordValues) => boolean | Promise<boolean>;

/** Whether a rule lets a change through. */
export async function letsThrough(access: WriteAccess, change: WishedChange, fits: Fits): Promise<boolean> {
  return access.allows === 'some' ? passes(access.guard, change, fits) : access.allows === 'all';
}

/** Whether only the database knows if a change is let through. */
export function asksDatabase(access: WriteAccess): boolean {
  return access.allows === 'some' && guardLooksBehind(access.guard);
}

function guardLooksBehind(guard: Guard): boolean {
  if (guard.kind === 'fits') return looksBehind(guard.condition);
  return guard.kind !== 'only' && guard.parts.some(guardLooksBehind);
}

/**
 * One of several alternatives has to allow the whole change: where one fits the record before and only another the record
 * after, neither does.
 */
async function passes(guard: Guard, change: WishedChange, fits: Fits): Promise<boolean> {
  switch (guard.kind) {
    case 'all':
      for (const part of guard.parts) if (!(await passes(part, change, fits))) return false;
      return true;
    case 'any':
      for (const part of guard.parts) if (await passes(part, change, fits)) return true;
      return false;
    case 'only':
      return change.names.every((name) => guard.fields.has(name));
    case 'fits': {
      const moments =
        guard.moment === 'both'
          ? [change.before, change.after].filter((record) => record !== undefined)
          : [change[guard.moment]];
      for (const record of moments) {
        if (record === undefined || !(await fits(guard.condition, record))) return false;
      }
      return true;
    }
  }
}
