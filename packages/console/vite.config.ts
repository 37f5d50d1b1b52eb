import { defineConfig } from 'vite';

export default defineConfig({
  base: '/_/',
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Chromium, Firefox and Safari of the last two and a half years; admins do not come with older ones.
    target: 'baseline-widely-available',
    // Nothing inline: the page runs under a policy that allows neither inline code nor data: addresses.
    assetsInlineLimit: 0,
    modulePreload: false,
    // The uncompressed size says nothing here, and the compressed one is a test.
    reportCompressedSize: false,
  },
});
