import { type Bytes, KiB, MiB } from '@maque/kit';
import { atSize, type Component } from '../component.ts';
import { inMiB } from '../in-mebibytes.ts';

// Measured with 16 bodies of 1 MiB at once (Node 26): 3.1 bytes of RSS for each byte of orders as JSON at the peak,
// 3.3 for one long text, 2.4 for Chinese text. Chunks and their joined copy are buffers, text and object are in the
// heap, whose line counts them too.
const FORMS_OF_A_BODY = 3;

// Below four of the largest bodies two clients that upload a long list keep everybody else out.
const LEAST_BODIES = 4;
// The least limit that this is worked out for: a file streaming through reserves as much.
const LEAST_BODY_BYTES: Bytes = 512 * KiB;
// More is not in flight on one core: 32 MiB of JSON keep a worker busy for half a second.
const MOST_BODY_MEMORY: Bytes = 32 * MiB;

/** The server's setting for which `bytes` are enough. */
export function bodyMemoryWithin(bytes: Bytes): Bytes {
  return Math.floor(bytes / FORMS_OF_A_BODY);
}

/** Bodies of the requests in flight, in each form that they take. */
export function inFlightBodies(bodyLimitBytes: Bytes, toldBodyMemory?: Bytes): Component {
  const floorBytes = FORMS_OF_A_BODY * LEAST_BODIES * Math.max(bodyLimitBytes, LEAST_BODY_BYTES);
  const step = FORMS_OF_A_BODY * MiB;
  const component: Component = {
    code: 'BODIES',
    name: { en: 'bodies in flight', zh: '处理中的请求体' },
    floorBytes,
    ceilingBytes: Math.max(floorBytes, FORMS_OF_A_BODY * MOST_BODY_MEMORY),
    weight: 15,
    settle: (offered) => Math.max(floorBytes, Math.floor(offered / step) * step),
    formula: (bytes) => `${FORMS_OF_A_BODY} × ${inMiB(bodyMemoryWithin(bytes))}`,
    source: {
      en: 'a bound in bytes that the server keeps itself × (bytes, text and object: 3.1 measured)',
      zh: '服务自身按字节数遵守的上界 ×（字节、文本与对象：实测 3.1）',
    },
  };
  return atSize(component, toldBodyMemory === undefined ? undefined : toldBodyMemory * FORMS_OF_A_BODY);
}
