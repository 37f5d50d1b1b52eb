export type { CallError } from './call-errors.ts';
export {
  type ReferenceCall,
  type ReferencePart,
  type ReferenceSection,
  wechatReference,
} from './wechat-reference.ts';
