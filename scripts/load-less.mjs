// Plugins of the bundler that keep out of a process what only looks as if it were used.

/**
 * Takes `node:http` in all that is bundled, libraries included, as packages/keeper/src/node-http.ts does by hand, where it
 * says why: to import it is what costs.
 */
export const httpWithoutFetch = {
  name: 'http-without-fetch',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk') continue;
      file.code = file.code.replace(HTTP_IMPORT, takeBuiltin);
      if (/(from |import\()"node:http"/.test(file.code))
        throw new Error(`${file.fileName} imports node:http`);
    }
  },
};

const HTTP_IMPORT = /^import (\{[^}]*\}|\w+) from ("node:http");$/gm;

function takeBuiltin(_statement, names, module) {
  return `const ${names.replaceAll(' as ', ': ')} = process.getBuiltinModule(${module});`;
}

/**
 * Leaves out what Fastify would use if it were asked to: its compilers of schemas (see http-server.ts) and requests without
 * a socket, 0.6 MB of text that V8 would keep. TLS and HTTP/2 are loaded by whoever makes such a server: nobody.
 */
export const fastifyWithoutExtras = {
  name: 'fastify-without-extras',
  resolveId: {
    filter: { id: /^(@fastify\/ajv-compiler|@fastify\/fast-json-stringify-compiler|light-my-request)$/ },
    handler: (name) => `\0left-out:${name}`,
  },
  load: {
    filter: { id: /^\0left-out:/ },
    handler: (id) => `module.exports = () => { throw new Error('${id.slice(10)} is left out'); };`,
  },
  transform: {
    filter: { id: /\/node_modules\/fastify\/lib\/server\.js$/ },
    // Line by line as it was: its map stays right.
    handler: (code) => ({ code: ['https', 'http2'].reduce(requireAtUse, code), map: null }),
  },
};

/** @throws Error when the text does not have it any more: then all of this is to be looked at again. */
function requireAtUse(code, name) {
  const declaration = `const ${name} = require('node:${name}')`;
  const use = new RegExp(`(?<![\\w.])${name}\\.(create\\w+)\\(`, 'g');
  if (!code.includes(declaration) || !use.test(code)) throw new Error(`where does Fastify use ${name}?`);
  return code.replace(declaration, '').replace(use, `require('node:${name}').$1(`);
}
