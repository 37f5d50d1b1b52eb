/** What both servers begin with. */
export const SEEDED_NOTES = 10_000;

/** The same note for the same number, of some 300 bytes. */
export function noteAt(index: number) {
  const body = `Note ${index} says what notes say: buy tea, call the workshop, measure twice. `.repeat(3);
  return { title: `Note ${index}`, body, stars: index % 6, isOpen: index % 2 === 0 };
}
