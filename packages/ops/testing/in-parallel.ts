/** Some at a time: programs that are mostly started and ended leave the cores idle when they run one by one. */
const AT_ONCE = 4;

/** Does the same for all, some at a time, and throws what the first of them throws. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const left = [...items].entries();
  const worker = async () => {
    for (const [index, item] of left) await work(item, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
