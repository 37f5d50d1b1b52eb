import { readFileSync, statSync } from 'node:fs';
import { findSourceMap, SourceMap, type SourceMapPayload } from 'node:module';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bytes, MiB } from '@maque/kit';
import type { CodePosition } from './leak-report.ts';
import type { StackFrame } from './stack-frame.ts';

// A bundle and its map. They are read while a report is made, a few milliseconds each; the largest are left alone.
const MAX_MAP: Bytes = 8 * MiB;
const MAX_FILES = 12;
const POINTER = /\/\/[#@] sourceMappingURL=(\S+)\s*$/;

/** Says where functions are in the files that people edit. For one report: what it has read it keeps. */
export class CodePositions {
  readonly #folder: string;
  readonly #maps = new Map<string, SourceMap | null>();

  /** @param folder paths are shown relative to it. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  of(frame: StackFrame): CodePosition {
    const path = pathOf(frame.url);
    const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
    if (path === null)
      return { function: name, file: plainUrl(frame.url), line: frame.line, column: frame.column };
    const origin = this.#originOf(path, frame);
    if (origin !== null) return { ...origin, function: name };
    return { function: name, file: this.#shown(path), line: frame.line, column: frame.column };
  }

  #originOf(path: string, frame: StackFrame): Omit<CodePosition, 'function'> | null {
    const map = this.#mapOf(path, frame.url);
    if (map === null) return null;
    const origin = map.findOrigin(frame.line, frame.column);
    if (!('fileName' in origin) || origin.fileName === undefined) return null;
    const file = pathOf(origin.fileName) ?? resolve(dirname(path), origin.fileName);
    return { file: this.#shown(file), line: origin.lineNumber, column: origin.columnNumber };
  }

  #mapOf(path: string, url: string): SourceMap | null {
    const known = this.#maps.get(path);
    if (known !== undefined) return known;
    // Of a package nobody edits the sources.
    const isWanted = !path.includes('node_modules') && this.#maps.size < MAX_FILES;
    const map = isWanted ? (findSourceMap(url) ?? findSourceMap(path) ?? readMap(path)) : null;
    this.#maps.set(path, map);
    return map;
  }

  /** Not the folders above: a user's name may be in them. */
  #shown(path: string): string {
    const modules = path.lastIndexOf('/node_modules/');
    if (modules >= 0) return path.slice(modules + 1);
    const below = relative(this.#folder, path);
    return below.startsWith('..') || isAbsolute(below) ? basename(path) : below;
  }
}

// A data: address is the code itself, and code that an app compiles may be called anything.
function plainUrl(url: string): string {
  return /^[\w.:<>@/\- ]{0,200}$/.test(url) ? url : `${url.slice(0, url.indexOf(':') + 1).slice(0, 20)}…`;
}

function pathOf(url: string): string | null {
  if (isAbsolute(url)) return url;
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : null;
  } catch {
    return null;
  }
}

/** The map that a file points to at its end; null when there is none, or none that can be read. */
function readMap(path: string): SourceMap | null {
  try {
    if (statSync(path).size > MAX_MAP) return null;
    const pointer = POINTER.exec(readFileSync(path, 'utf8').slice(-100_000))?.[1];
    if (pointer === undefined) return null;
    const text = mapText(pointer, path);
    return text === null ? null : new SourceMap(JSON.parse(text) as SourceMapPayload);
  } catch {
    return null;
  }
}

function mapText(pointer: string, path: string): string | null {
  if (pointer.startsWith('data:')) {
    const comma = pointer.indexOf(',');
    return Buffer.from(pointer.slice(comma + 1), 'base64').toString();
  }
  const file = resolve(dirname(path), decodeURIComponent(pointer));
  return statSync(file).size > MAX_MAP ? null : readFileSync(file, 'utf8');
}
