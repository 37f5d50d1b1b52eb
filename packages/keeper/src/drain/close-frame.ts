// RFC 6455, 5.5.1: FIN and opcode 8, two bytes of payload, and the status code in network order. 1012 is "Service
// Restart" in the registry of RFC 6455, 11.7: the client may come back, after a random wait if it can.
const SERVICE_RESTART = 1012;

/** What a server sends to close a WebSocket whose service begins anew elsewhere. */
export const RESTART_FRAME: Uint8Array = Uint8Array.of(0x88, 2, SERVICE_RESTART >> 8, SERVICE_RESTART & 0xff);

/** Whether a chunk that a server writes is a close frame, or the header of one (`ws` writes header and payload apart). */
export function isCloseFrame(chunk: unknown): boolean {
  if (!(chunk instanceof Uint8Array) || chunk[0] !== 0x88) return false;
  const payload = chunk[1] ?? 0;
  // A control frame has 125 bytes at most, and a server masks none.
  return payload <= 125 && (chunk.length === 2 || chunk.length === 2 + payload);
}
