/**
 * Calls back within milliseconds of each major collection; several in one turn of the event loop count as one.
 *
 * What is registered here is garbage from the start and lies in old space, which minor collections leave alone: V8 puts
 * symbols there at once, while an object would die with the next minor one. So it costs nothing until a major collection
 * takes it (Node 24 and 26: as many calls as major collections beside 25,000 minor ones), where an observer of `gc`
 * entries is called for each.
 * @returns a function that ends it.
 */
export function onMajorCollection(listener: () => void): () => void {
  let watching = true;
  const registry = new FinalizationRegistry<null>(() => {
    if (!watching) return;
    plant();
    listener();
  });
  const plant = () => registry.register(Symbol('maque.guard'), null);
  plant();
  return () => {
    watching = false;
  };
}
