import { arr, DecodeError, obj, oneOf, optional, str } from '../decode';
import { decodeAgreement, decodeModelFile, type Agreement, type ModelFile } from '../modelManifest';
import { FAMILIES, isFamily, type FamilyId } from './families';

/** A file of a local model; `at`: where it lies in truth, if a link in the folder led out of it when it was added. */
export type LocalFile = ModelFile & { at?: string };

/** `aesrm.localModel/1`: a local vision-language model as it was when it was added. */
export interface LocalModelRecord {
  format: 'aesrm.localModel/1';
  /** Its name among the records: letters, digits, `.`, `_` and `-`. */
  key: string;
  /** As people call it: a hub's `owner/name`, or the folder's name. */
  name: string;
  /** Absolute path. */
  folder: string;
  /** Its files were downloaded and are ours to remove. */
  ours: boolean;
  family: FamilyId;
  licence?: string;
  /** Where it was downloaded from, and which state of it. */
  source?: { url: string; revision: string };
  files: LocalFile[];
  /** Measured agreement with people, where somebody measured it. */
  agreement: Agreement[];
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/;

/** A key made of a name. */
export function keyOf(name: string): string {
  const key = name.replace(/[^A-Za-z0-9._-]+/g, '--').replace(/^[^A-Za-z0-9]+/, '');
  return key.slice(0, 120) || 'model';
}

export function decodeKey(value: unknown, at: string): string {
  const key = str(value, at);
  if (!KEY.test(key)) throw new DecodeError(`${at} "${key}" is no name of a model's record`);
  return key;
}

export function decodeLocalModel(value: unknown): LocalModelRecord {
  const o = obj(value, 'model');
  const family = str(o.family, 'family');
  if (!isFamily(family))
    throw new DecodeError(`family is "${family}", expected one of ${Object.keys(FAMILIES).join(', ')}`);
  if (typeof o.ours !== 'boolean') throw new DecodeError('ours is not true or false');
  const source = optional(o.source, (v) => obj(v, 'source'));
  return {
    format: oneOf(o.format, ['aesrm.localModel/1'] as const, 'format'),
    key: decodeKey(o.key, 'key'),
    name: str(o.name, 'name'),
    folder: str(o.folder, 'folder'),
    ours: o.ours,
    family,
    ...(o.licence === undefined ? {} : { licence: str(o.licence, 'licence') }),
    ...(source && {
      source: { url: str(source.url, 'source.url'), revision: str(source.revision, 'source.revision') },
    }),
    files: arr(o.files, 'files').map((v, i) => {
      const at = optional(obj(v, `files[${i}]`).at, (x) => str(x, `files[${i}].at`));
      return { ...decodeModelFile(v, `files[${i}]`), ...(at === undefined ? {} : { at }) };
    }),
    agreement: arr(o.agreement, 'agreement').map((v, i) => decodeAgreement(v, `agreement[${i}]`)),
  };
}
