import type { ObjectStoreAccount, ObjectStoreKind } from '@maque/wechat/object-store';
import { ARRIVAL_PATH } from '../modules/uploads/arrival-path.ts';
import { isLoopbackUrl } from './safe-address.ts';
import type { ServerSettings } from './settings-table.ts';

export interface ConfiguredStore extends ObjectStoreAccount {
  readonly kind: ObjectStoreKind;
  readonly callbackUrl: string | undefined;
  readonly trustedKeyPrefix: string | undefined;
}

/** The bucket that the settings name, once `storeProblems` finds nothing wrong; undefined for this machine's disk. */
export function configuredStore(settings: ServerSettings): ConfiguredStore | undefined {
  const { fileStore, storeEndpoint, publicUrl, env } = settings;
  if (fileStore === 'disk') return undefined;
  // OSS calls no private address, and takes no form that names one ("Private address is forbidden to callback").
  const isReachable = publicUrl !== undefined && (!isLoopbackUrl(publicUrl) || isLoopback(storeEndpoint));
  const isSimulated = env !== 'prod' && isLoopback(storeEndpoint);
  return {
    kind: fileStore,
    bucket: settings.storeBucket ?? '',
    region: settings.storeRegion ?? '',
    endpoint: storeEndpoint,
    keyId: settings.storeKeyId ?? '',
    keySecret: settings.storeKeySecret ?? '',
    // Where OSS reaches nobody clients confirm by themselves.
    callbackUrl: isReachable ? `${publicUrl.replace(/\/$/, '')}${ARRIVAL_PATH}` : undefined,
    trustedKeyPrefix: isSimulated ? `${storeEndpoint}/` : undefined,
  };
}

function isLoopback(url: string | undefined): boolean {
  return url !== undefined && isLoopbackUrl(url);
}
