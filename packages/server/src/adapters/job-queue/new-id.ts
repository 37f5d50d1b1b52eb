import { randomUUID } from 'node:crypto';

/** 32 characters that nobody else has. */
export function newId(): string {
  return randomUUID().replaceAll('-', '');
}
