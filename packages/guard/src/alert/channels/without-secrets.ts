// Shorter ones would blot out half of every sentence, and protect nothing.
const SHORTEST_SECRET = 4;

/** A text that somebody else wrote, with our secrets taken out: a server may repeat what it was sent. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((clean, secret) => clean.replaceAll(secret, '…'), text);
}
