export { standardOutput } from './descriptor-target.ts';
export { LineBuffer, type LineTarget } from './line-buffer.ts';
export { RotatingFile } from './rotating-file.ts';
