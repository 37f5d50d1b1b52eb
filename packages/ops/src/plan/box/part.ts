import { type Bytes, MiB } from '@maque/kit';
import { type Component, fixedComponent } from '../component.ts';

/** A component of a service that was measured, with how far off its size may be. */
export interface Part extends Component {
  /** 0 where the bound is kept by force. */
  readonly errorBytes: Bytes;
}

/** A part whose size does not depend on what is left. */
export function fixedPart(part: Parameters<typeof fixedComponent>[0] & Pick<Part, 'errorBytes'>): Part {
  const { errorBytes, ...component } = part;
  return { ...fixedComponent(component), errorBytes };
}

/** Rounds an offer down to whole MiB: no setting of any service is finer. */
export function wholeMiB(offeredBytes: Bytes): Bytes {
  return Math.floor(offeredBytes / MiB) * MiB;
}

/** A measured size in MiB with a fraction, in whole bytes. */
export function fromMiB(mebibytes: number): Bytes {
  return Math.ceil(mebibytes * MiB);
}
