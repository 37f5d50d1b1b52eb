import type { OutputOptions, RolldownOptions } from 'rolldown';

// The file that the developer tools' "build npm" copies into a mini-program: one CommonJS module, down to what base
// library 2.10 and its transpiler take.
const config: RolldownOptions & { output: OutputOptions } = {
  input: 'src/index.ts',
  platform: 'neutral',
  transform: { target: 'es2017' },
  logLevel: 'warn',
  output: { file: 'dist/miniprogram/index.js', format: 'cjs', minify: true },
};

export default config;
