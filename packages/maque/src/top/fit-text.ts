import { displayWidth } from '@maque/ops';

/** A text in exactly so many terminal columns: filled up with spaces, or cut off with `~`. */
export function fitText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const taken = displayWidth(text);
  if (taken > width) return cutText(text, width);
  const filling = ' '.repeat(width - taken);
  return align === 'right' ? filling + text : text + filling;
}

function cutText(text: string, width: number): string {
  let kept = '';
  let taken = 0;
  for (const character of text) {
    const wide = displayWidth(character);
    if (taken + wide > width - 1) break;
    kept += character;
    taken += wide;
  }
  return width < 1 ? '' : `${kept}~${' '.repeat(width - 1 - taken)}`;
}
