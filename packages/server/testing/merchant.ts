import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MerchantCredentials } from '@maque/wechat/simulator';

/** The settings by which a server is the merchant of a simulator; its keys are written into `folder`. */
export async function merchantEnvironment(
  { mchId, serial, privateKeyPem, apiV3Key, publicKeyId, publicKeyPem }: MerchantCredentials,
  {
    folder,
    baseUrl,
    publicUrl,
  }: { readonly folder: string; readonly baseUrl: string; readonly publicUrl: string },
): Promise<Readonly<Record<string, string>>> {
  const keyFile = join(folder, 'apiclient_key.pem');
  const publicKeyFile = join(folder, 'pub_key.pem');
  await writeFile(keyFile, privateKeyPem, { mode: 0o600 });
  await writeFile(publicKeyFile, publicKeyPem);
  return {
    MAQUE_PAY_MCH_ID: mchId,
    MAQUE_PAY_SERIAL: serial,
    MAQUE_PAY_KEY_FILE: keyFile,
    MAQUE_PAY_API_V3_KEY: apiV3Key,
    MAQUE_PAY_PUBLIC_KEY_ID: publicKeyId,
    MAQUE_PAY_PUBLIC_KEY_FILE: publicKeyFile,
    MAQUE_PAY_BASE_URL: baseUrl,
    MAQUE_PUBLIC_URL: publicUrl,
  };
}
