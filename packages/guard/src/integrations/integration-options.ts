import type { Guard } from '../guard.ts';
import type { GuardOptions } from '../guard-options.ts';
import { LoadShedder, type LoadShedderOptions } from '../shed/load-shedder.ts';
import { watch } from '../watch.ts';

/** What every integration can be told. */
export interface IntegrationOptions {
  /** For `watch`, if this is what starts the guard. */
  readonly guard?: GuardOptions;
  /** Answer 503 to a share of the requests while pressure is critical; off unless told. */
  readonly shed?: boolean | LoadShedderOptions;
}

/** What an integration works with. */
export interface Attachment {
  readonly guard: Guard;
  readonly shedder: LoadShedder | null;
}

const KNOWN = ['guard', 'shed'];

/**
 * Starts the guard of this process, or takes the one that is running, and a shedder if one is wanted.
 * @throws TypeError or RangeError naming the option that is wrong.
 */
function attach(options: IntegrationOptions): Attachment {
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key))
      throw new TypeError(`the guard's integration has no option ${JSON.stringify(key)}`);
  }
  const { shed = false } = options;
  const guard = watch(options.guard);
  const shedder = shed === false ? null : new LoadShedder(guard, shed === true ? {} : shed);
  return { guard, shedder };
}

const attached = new WeakMap<object, Guard>();

/** Attaches to an app once: whoever asks again gets the guard, and the app is not counted twice. */
export function attachOnce(app: object, options: IntegrationOptions, begin: (to: Attachment) => void): Guard {
  const known = attached.get(app);
  if (known !== undefined) return known;
  const attachment = attach(options);
  begin(attachment);
  attached.set(app, attachment.guard);
  return attachment.guard;
}
