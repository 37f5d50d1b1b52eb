import { type Bytes, KiB, MiB } from '@maque/kit';
import { atSize } from '../../component.ts';
import { inMiB } from '../../in-mebibytes.ts';
import { poolOf } from '../apps-around.ts';
import { demandOf, type Layout, layOut, onePiece } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import { fixedPart, type Part, wholeMiB } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { JavaRequest } from '../service-request.ts';

interface Framework {
  /** Loaded when it has warmed up. */
  readonly classes: number;
  readonly leastHeapMb: number;
}

// 13,282 classes were counted in a Spring Boot 2.2 web application; the others fit the non-heap memory that was
// measured on Java 17: 65 to 72 MiB for Tomcat 10, 33 for the JDK's own HTTP server.
const FRAMEWORKS: Readonly<Record<JavaRequest['framework'], Framework>> = {
  'spring-boot': { classes: 13_000, leastHeapMb: 128 },
  tomcat: { classes: 8_000, leastHeapMb: 64 },
  plain: { classes: 3_000, leastHeapMb: 32 },
};

// The calculators of Cloud Foundry and Paketo.
const BYTES_PER_CLASS = 5_800;
const CLASSES_BASE: Bytes = 14_000_000;
// They reserve 240 MiB of code cache, 250 threads and stacks of 1 MiB; programs of this kind use 5 to 14 MiB of code.
const CODE_CACHE_MB = 64;
const UNTOLD_THREADS = 40;
const THREAD_STACK_KB = 512;
const DIRECT_MB = 10;
const MOST_HEAP_MB = 1024;

/** A JVM, by the sum of what its flags allow it: on a small box each of them is set. */
export const java: ServiceModel<'java'> = {
  kind: 'java',
  boundBySettings: true,
  reducible: ['heapMb', 'threads'],
  demand: (request) => demandOf(layoutOf(request), 50),
  share(request, offeredBytes) {
    const laidOut = layOut(request.name, layoutOf(request), offeredBytes);
    return {
      planned: {
        kind: 'java',
        request,
        heapMb: laidOut.of('HEAP') / MiB,
        metaspaceMb: metaspaceMb(request),
        codeCacheMb: CODE_CACHE_MB,
        directMb: DIRECT_MB,
        threads: threadsOf(request),
        threadStackKb: THREAD_STACK_KB,
        poolSize: poolOf(request),
        ...limitsFor(laidOut.budgetBytes, OOM_SCORE.app),
      },
      lines: laidOut.lines,
    };
  },
};

function layoutOf(request: JavaRequest): Layout {
  return onePiece([heap(request), metaspace(request), codeCache(), stacks(request), directBuffers()]);
}

function heap({ framework, heapMb }: JavaRequest): Part {
  const part: Part = {
    code: 'HEAP',
    name: { en: 'Java heap', zh: 'Java 堆' },
    floorBytes: FRAMEWORKS[framework].leastHeapMb * MiB,
    ceilingBytes: MOST_HEAP_MB * MiB,
    weight: 1,
    settle: wholeMiB,
    errorBytes: 0,
    formula: inMiB,
    source: { en: '-Xmx, kept by the JVM', zh: '-Xmx，由 JVM 保证' },
  };
  return { ...atSize(part, heapMb === undefined ? undefined : heapMb * MiB), errorBytes: 0 };
}

function metaspace(request: JavaRequest): Part {
  return fixedPart({
    code: 'METASPACE',
    name: { en: 'classes', zh: '类元数据' },
    bytes: metaspaceMb(request) * MiB,
    formula: `(${classesOf(request)} × 5800 + 14000000) / 1048576`,
    errorBytes: Math.ceil(metaspaceMb(request) * MiB * 0.15),
    source: {
      en: 'the memory calculators of Cloud Foundry and Paketo; Spring Boot was not measured here',
      zh: 'Cloud Foundry 与 Paketo 的内存计算器；Spring Boot 未在此实测',
    },
  });
}

function codeCache(): Part {
  return fixedPart({
    code: 'CODE_CACHE',
    name: { en: 'compiled code', zh: '编译后的代码' },
    bytes: CODE_CACHE_MB * MiB,
    formula: String(CODE_CACHE_MB),
    errorBytes: 0,
    source: {
      en: '-XX:ReservedCodeCacheSize; 240 unless told, 5 to 14 in use when measured',
      zh: '-XX:ReservedCodeCacheSize；默认 240，实测使用 5–14',
    },
  });
}

function stacks(request: JavaRequest): Part {
  const threads = threadsOf(request);
  return fixedPart({
    code: 'THREADS',
    name: { en: 'stacks of threads', zh: '线程栈' },
    bytes: threads * THREAD_STACK_KB * KiB,
    formula: `${threads} × 0.5`,
    errorBytes: 0,
    source: { en: 'threads × -Xss512k', zh: '线程数 × -Xss512k' },
  });
}

function directBuffers(): Part {
  return fixedPart({
    code: 'DIRECT',
    name: { en: 'direct buffers', zh: '直接内存' },
    bytes: DIRECT_MB * MiB,
    formula: String(DIRECT_MB),
    errorBytes: 0,
    source: {
      en: '-XX:MaxDirectMemorySize, as the calculators set it',
      zh: '-XX:MaxDirectMemorySize，取计算器的值',
    },
  });
}

function classesOf({ framework, loadedClasses }: JavaRequest): number {
  return loadedClasses ?? FRAMEWORKS[framework].classes;
}

function metaspaceMb(request: JavaRequest): number {
  return Math.ceil((classesOf(request) * BYTES_PER_CLASS + CLASSES_BASE) / MiB);
}

function threadsOf({ threads }: JavaRequest): number {
  return threads ?? UNTOLD_THREADS;
}
