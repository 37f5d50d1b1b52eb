import type { ComponentChildren } from 'preact';
import type { Level } from '../status/budget-shares.ts';

interface FactProps {
  readonly name: string;
  readonly level?: Level;
  /** What else is to be known of the number, in small print. */
  readonly note?: string | undefined;
  readonly children: ComponentChildren;
}

/** One number with its name, inside a `<dl class="facts">`. */
export function Fact({ name, level = 'calm', note, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={`level-${level}`}>
        {children}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}
