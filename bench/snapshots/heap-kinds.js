// What heaps are made of. Each kind adds one entry to what is kept: a list, a map and a chain.
class Order {
  user = null;
  items = undefined;
  notes = null;

  constructor(id) {
    this.id = id;
  }
}

const ADD = {
  orders: ({ list }, id) => list.push(new Order(id)),
  json: ({ list }, id) =>
    list.push(
      JSON.parse(`{"id":${id},"name":"n${id}","tags":["a","b${id}"],"home":{"city":"c","zip":"z${id}"}}`),
    ),
  closures: ({ list }, id) => list.push(listener({ id })),
  promises: ({ list }) => list.push(new Promise(() => {})),
  buffers: ({ list }) => list.push(Buffer.allocUnsafeSlow(100)),
  sessions: ({ map }, id) => map.set(`session ${id}`, { id, roles: {} }),
  maps: (kept, id) => {
    kept.chain = { map: new Map([[id, { id }]]), next: kept.chain };
  },
  chain: (kept, id) => {
    kept.chain = { id, next: kept.chain };
  },
  'text of 60 B': ({ list }, id) => list.push(text(id, 60)),
  'text of 500 B': ({ list }, id) => list.push(text(id, 500)),
  'text of 2 KiB': ({ list }, id) => list.push(text(id, 2_048)),
  'text of 200 KiB': ({ list }, id) => list.push(text(id, 204_800)),
};

export const HEAP_KINDS = Object.keys(ADD);

/** Keeps entries of a kind until the heap has grown by so many bytes; answers them, for somebody has to hold them. */
export function fillHeap(kind, bytes) {
  const kept = { list: [], map: new Map(), chain: null };
  const until = process.memoryUsage().heapUsed + bytes;
  for (let id = 0; id % 100 !== 0 || process.memoryUsage().heapUsed < until; id++) ADD[kind](kept, id);
  return kept;
}

function listener(request) {
  return () => request;
}

function text(id, length) {
  const bytes = Buffer.alloc(length, 'x');
  bytes.write(`text ${id} `);
  return bytes.toString('latin1');
}
