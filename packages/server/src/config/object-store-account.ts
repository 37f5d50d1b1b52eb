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
  const isSimulated = env !== 'prod' && storeEndpoint !== undefined && isLoopbackUrl(storeEndpoint);
  return {
    kind: fileStore,
    bucket: settings.storeBucket ?? '',
    region: settings.storeRegion ?? '',
    endpoint: storeEndpoint,
    keyId: settings.storeKeyId ?? '',
    keySecret: settings.storeKeySecret ?? '',
    // Without a public address OSS reaches nobody, and clients confirm by themselves.
    callbackUrl: publicUrl === undefined ? undefined : `${publicUrl.replace(/\/$/, '')}${ARRIVAL_PATH}`,
    trustedKeyPrefix: isSimulated ? `${storeEndpoint}/` : undefined,
  };
}
