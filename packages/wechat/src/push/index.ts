export type { PushMessage, PushValue } from './push-message.ts';
