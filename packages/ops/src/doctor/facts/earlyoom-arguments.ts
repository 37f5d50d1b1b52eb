/** Percent of memory, of swap: below the first it asks to end, below the second it kills. */
export const EARLYOOM_MEMORY = '6,3';
export const EARLYOOM_SWAP = '20,10';

/** For /etc/default/earlyoom: whom it spares, and whom it takes first. Node's main thread has a name of its own since 24. */
export const EARLYOOM_ARGS = `-m ${EARLYOOM_MEMORY} -s ${EARLYOOM_SWAP} --avoid '(^|/)(sshd|mariadbd|mysqld|redis-server)$' --prefer '(^|/)(node|MainThread)$'`;
