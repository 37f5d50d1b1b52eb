/**
 * `node:http`, loaded where it is first used. To import a module of Node makes it read all that the module exports, and
 * `http.WebSocket` is there only once Node has loaded its `fetch` with TLS and HTTP/2: an import costs a process 8 MiB of
 * private memory, this 1 (Node 26, measured).
 */
export function nodeHttp(): typeof import('node:http') {
  return process.getBuiltinModule('node:http');
}
