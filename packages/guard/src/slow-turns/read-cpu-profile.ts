import type { CpuProfile } from './cpu-profiler.ts';

/** A call frame as V8 writes it; what stands in its two texts may hold quotes, so what follows them tells their ends. */
const CALL_FRAME =
  /"functionName":"([\s\S]*?)",("lineNumber":-?\d+,"columnNumber":-?\d+,"scriptId":-?\d+),"url":"([\s\S]*?)"\}(?=\}|,"(?:children|deoptReason|positionTicks)")/g;

/**
 * Reads the text of V8's `CpuProfile::Serialize` (Node 26's `startCpuProfile`), which writes names of functions and files as
 * they are: a method named `'/:id(\\d+)'`, or a file on Windows, makes it no JSON.
 * @returns null for a text that is none all the same: a name can hold what V8 writes after names.
 */
export function readCpuProfile(text: string): CpuProfile | null {
  const json = text.replaceAll(
    CALL_FRAME,
    (_frame, functionName: string, position: string, url: string) =>
      `"functionName":${JSON.stringify(functionName)},${position},"url":${JSON.stringify(url)}}`,
  );
  try {
    return JSON.parse(json) as CpuProfile;
  } catch {
    return null;
  }
}
