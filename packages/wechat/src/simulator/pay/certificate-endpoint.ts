import { chinaTime } from './china-time.ts';
import type { PayHandler } from './pay-call.ts';
import { sealResource } from './seal-resource.ts';

/** The platform certificates, each encrypted for the merchant. */
export const handleCertificates: PayHandler = (_call, { keyring }) => ({
  data: keyring.keys.certificates.map(({ serial, certificatePem, fromMs, untilMs }) => ({
    serial_no: serial,
    effective_time: chinaTime(fromMs),
    expire_time: chinaTime(untilMs),
    encrypt_certificate: sealResource(keyring.keys.apiV3Key, certificatePem, 'certificate'),
  })),
});
