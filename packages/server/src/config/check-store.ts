import type { CodedError } from '@maque/kit';
import { bootErrors } from './boot-errors.ts';
import type { ServerSettings } from './settings-table.ts';
import { storeSettings } from './store-settings.ts';

const REQUIRED = ['storeBucket', 'storeRegion', 'storeKeyId', 'storeKeySecret'] as const;

/** What is wrong with the settings of the file store, all at once; empty when they are whole. */
export function storeProblems(settings: ServerSettings): CodedError[] {
  const { fileStore, storeBucket, storeRegion, storeEndpoint, env } = settings;
  if (fileStore === 'disk') return [];
  const problems: CodedError[] = [];
  const missing = REQUIRED.filter((name) => (settings[name] ?? '') === '').map(
    (name) => storeSettings[name].env,
  );
  if (missing.length > 0) {
    problems.push(bootErrors.STORE_INCOMPLETE({ data: { store: fileStore, missing: missing.join(', ') } }));
  }
  if (storeBucket !== undefined && !isBucket(storeBucket, fileStore)) {
    problems.push(bootErrors.STORE_BUCKET_INVALID({ data: { bucket: storeBucket } }));
  }
  if (storeRegion !== undefined && !/^[a-z0-9-]{1,32}$/.test(storeRegion)) {
    problems.push(bootErrors.STORE_REGION_INVALID({ data: { region: storeRegion } }));
  }
  if (storeEndpoint !== undefined && !isEndpoint(storeEndpoint, env)) {
    problems.push(bootErrors.STORE_ENDPOINT_INVALID({ data: { url: storeEndpoint } }));
  }
  return problems;
}

/** COS's buckets end with the APPID, which people leave out: no bucket is found then. */
function isBucket(bucket: string, store: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,62}$/.test(bucket) && (store !== 'cos' || /-\d+$/.test(bucket));
}

/** An origin. In prod with TLS: phones send files there and load them from there, so this machine's own address is none. */
function isEndpoint(text: string, env: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.origin !== text || !/^https?:$/.test(url.protocol)) return false;
  return env !== 'prod' || url.protocol === 'https:';
}
