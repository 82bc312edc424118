import { arr, obj, oneOf, str } from '../decode';
import { decodeAgreement, type Agreement } from '../modelManifest';

/** `aesrm.servedAgreement/1`: what benchmarks measured of one model at one host. */
export interface ServedAgreement {
  format: 'aesrm.servedAgreement/1';
  /** `scheme://host:port`. */
  origin: string;
  /** As the server calls it. */
  model: string;
  agreement: Agreement[];
}

export function decodeServedAgreement(value: unknown): ServedAgreement {
  const o = obj(value, 'served');
  return {
    format: oneOf(o.format, ['aesrm.servedAgreement/1'] as const, 'format'),
    origin: str(o.origin, 'origin'),
    model: str(o.model, 'model'),
    agreement: arr(o.agreement, 'agreement').map((v, i) => decodeAgreement(v, `agreement[${i}]`)),
  };
}
