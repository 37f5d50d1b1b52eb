import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFileReader, type FileReader } from './file-reader.ts';

let folder: string;
let files: FileReader;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maque-files-'));
  files = createFileReader();
});
afterEach(() => {
  files.close();
  rmSync(folder, { recursive: true });
});

const openDescriptors = () => readdirSync('/proc/self/fd').length;

it('reads what a file holds now, with the descriptor it keeps', () => {
  const path = join(folder, 'value');
  writeFileSync(path, 'one');
  expect(files.read(path)).toBe('one');
  const open = openDescriptors();
  writeFileSync(path, 'three');
  expect(files.read(path)).toBe('three');
  expect(openDescriptors()).toBe(open);
  expect(files.readOnce(path)).toBe('three');
  expect(openDescriptors()).toBe(open);
});

it('answers null while a file is not there, and its text when it comes', () => {
  const path = join(folder, 'late');
  expect(files.read(path)).toBeNull();
  expect(files.readOnce(path)).toBeNull();
  writeFileSync(path, 'here');
  expect(files.read(path)).toBe('here');
});

it('keeps a bounded number of descriptors, and none once closed', () => {
  const before = openDescriptors();
  for (let index = 0; index < 200; index += 1) {
    const path = join(folder, String(index));
    writeFileSync(path, String(index));
    expect(files.read(path)).toBe(String(index));
  }
  expect(openDescriptors() - before).toBeLessThanOrEqual(20);
  files.close();
  expect(openDescriptors()).toBe(before);
});

it('reads a list whole that comes in many pieces', () => {
  const path = join(folder, 'list');
  const text = 'a line of a list\n'.repeat(5_000);
  writeFileSync(path, text);
  expect(files.readOnce(path)).toBe(text);
  expect(files.readOnce('/proc/self/mountinfo')).toBe(readFileSync('/proc/self/mountinfo', 'latin1'));
});

it('gives a descriptor back', () => {
  const before = openDescriptors();
  files.read('/proc/self/statm');
  expect(openDescriptors()).toBe(before + 1);
  files.forget('/proc/self/statm');
  expect(openDescriptors()).toBe(before);
});

it('opens anew what fails: a process’s files, once it is gone', () => {
  expect(files.read('/proc/self/statm')).toMatch(/^\d+ \d+ \d+ /);
  expect(files.read(folder)).toBeNull();
});
