// What a thread of the pool in scenarios/threads-follow-load.js does: lays out pages, and waits for the printer.
export async function print({ pages }) {
  const laidOut = Array.from({ length: pages }, (_, page) => `page ${page} `.repeat(40));
  await new Promise((resolve) => setTimeout(resolve, 180));
  return { letters: laidOut.reduce((sum, text) => sum + text.length, 0) };
}
