export { standardOutput } from './descriptor-target.ts';
export { LineBuffer, type LineBufferOptions, type LineTarget } from './line-buffer.ts';
export { RotatingFile, type RotatingFileOptions } from './rotating-file.ts';
