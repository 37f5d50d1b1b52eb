import { type Bytes, KiB, MiB } from '@maque/kit';
import type { BoxPlan } from '../box/box-plan.ts';
import type { PlannedService } from '../box/planned-service.ts';

/** How much an app can have in hand at once inside its memory. */
export interface AppRoom {
  readonly service: string;
  /** Requests worked on at the same time; Infinity where the program has no bound of its own. */
  readonly requests: number;
  readonly sockets: number;
  /** Cores that its processes can keep busy. */
  readonly cores: number;
}

// Bodies, rows and answer of one request in flight, with the garbage that it leaves before the next collection. Assumed.
const REQUEST_BYTES: Bytes = 256 * KiB;
// An idle WebSocket of ws was measured at 6 to 9 KiB; the app keeps something about its user besides.
const NODE_SOCKET_BYTES: Bytes = 12 * KiB;
// A session object, buffers of the connector and of the handshake. Assumed.
const JAVA_SOCKET_BYTES: Bytes = 40 * KiB;
const PYTHON_SOCKET_BYTES: Bytes = 40 * KiB;
// The rest of a heap holds the program, its caches, and room to collect in.
const HEAP_SHARE = 0.25;
// What uvicorn's budget was measured with; sockets come on top, in the same process.
const PYTHON_SOCKET_SHARE = 0.25;

export function appRooms({ services }: BoxPlan): readonly AppRoom[] {
  return services.flatMap((service) => roomOf(service) ?? []);
}

/**
 * Connections that nginx was told to hold. Where it was not told it is planned after the demand, a quarter above it, and another
 * connection costs it 15 KiB: then it is not what runs out.
 */
export function proxySockets({ services }: BoxPlan): number {
  const told = services.flatMap((service) =>
    service.kind === 'nginx' ? (service.request.connections ?? []) : [],
  );
  return Math.min(...told, Number.POSITIVE_INFINITY);
}

function roomOf(service: PlannedService): AppRoom | undefined {
  const { name } = service.request;
  switch (service.kind) {
    case 'maque': {
      const { workers, server } = service.budget;
      return {
        service: name,
        requests: workers * (server?.maxConcurrent ?? Number.POSITIVE_INFINITY),
        sockets: workers * (server?.maxConnections ?? 0),
        cores: workers,
      };
    }
    case 'node': {
      const heap = service.oldSpaceMb * MiB * HEAP_SHARE;
      return {
        service: name,
        requests: service.workers * Math.floor(heap / REQUEST_BYTES),
        sockets: service.workers * Math.floor(heap / NODE_SOCKET_BYTES),
        cores: service.workers,
      };
    }
    case 'java':
      return {
        service: name,
        requests: service.threads,
        sockets: Math.floor((service.heapMb * MiB * HEAP_SHARE) / JAVA_SOCKET_BYTES),
        cores: Number.POSITIVE_INFINITY,
      };
    case 'python': {
      const isAsync = service.request.server === 'uvicorn';
      const room = service.budgetBytes * PYTHON_SOCKET_SHARE;
      return {
        service: name,
        // A sync worker of gunicorn has one request in hand, and cannot hold a socket at all.
        requests: isAsync ? Math.max(1, Math.floor(room / REQUEST_BYTES)) : service.workers,
        sockets: isAsync ? Math.floor(room / PYTHON_SOCKET_BYTES) : 0,
        cores: service.workers,
      };
    }
    default:
      return undefined;
  }
}
