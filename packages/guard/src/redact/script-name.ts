import { looksLikeData } from './data-like-name.ts';

const SCHEME = /^([a-z][a-z0-9+.-]{1,20}):/i;
const SEPARATORS = /[\\/]/;
const PIECE = /^[\w.@+~ ()<>[\]:#=-]{0,100}$/;
const MAX_PIECES = 64;

// What bundlers put before the ending, `main.8f3a9c2e1b.js`: of the code, not of anybody.
const BUILD_HASH = /[.-](?!\d+\.)\w{6,20}(?=\.[cm]?js$)/;
const HIDDEN = '<hidden>';

// The folder of a user: /home/ann, /Users/ann, C:\Users\ann.
const HOMES: ReadonlySet<string> = new Set(['home', 'Users', 'Documents and Settings']);

/** Whether a name of code is where a script comes from, not what a function is called. */
export function isScriptName(name: string): boolean {
  return SEPARATORS.test(name) || SCHEME.test(name);
}

/**
 * The name of a script without what may be of a user: `data:` URLs, hosts with a password, queries, the name of the home
 * folder, and pieces of the path that look like data.
 */
export function plainScriptName(name: string): string {
  const scheme = SCHEME.exec(name)?.[1]?.toLowerCase();
  if (scheme === 'data' || scheme === 'javascript' || scheme === 'blob') return `${scheme}:${HIDDEN}`;
  const [path = '', ...query] = name.split(/[?#]/);
  const pieces = path.split(/([\\/])/);
  const plain = pieces.slice(0, 2 * MAX_PIECES).map((piece, at) => {
    const isUserFolder = HOMES.has(pieces[at - 2] ?? '');
    return isUserFolder || !isPlain(piece) ? HIDDEN : piece;
  });
  return plain.join('') + (query.length > 0 ? `?${HIDDEN}` : '');
}

function isPlain(piece: string): boolean {
  if (piece === '/' || piece === '\\') return true;
  return PIECE.test(piece) && !isCredential(piece) && !looksLikeData(piece.replace(BUILD_HASH, ''));
}

/** `user:password@host` of a URL; `pkg@1.2.3` of a package manager is none. */
function isCredential(piece: string): boolean {
  return /:.*@/.test(piece);
}
