/** Colours in console.css that tell processes apart; further processes begin again. */
const tones = 8;

/** The class that gives the process at this place in the list its colour, the same everywhere on the page. */
export function toneClass(place: number): string {
  return `tone-${place % tones}`;
}
