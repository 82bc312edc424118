import { arr, DecodeError, num, obj, optional, str } from '../decode';
import { isInside } from '../modelManifest';
import { DTYPES, GRAPHS, missingFrom, NEEDED_FILES, OPTIONAL_FILES, variantsOf, type Dtype } from './layout';

/** A model on a hub that speaks the Hugging Face Hub's API, or on a mirror of it. */
export interface HubModel {
  /** Without a slash at its end. */
  base: string;
  /** `owner/name`. */
  id: string;
  revision: string;
}

/** The check that a file must pass: SHA-256, or for small files what git calls a blob (SHA-1 with its size). */
export type FileCheck = { sha256: string } | { gitBlob: string };
export interface HubFile {
  path: string;
  bytes: number;
  check: FileCheck;
}
export interface HubListing {
  /** Commit. */
  revision: string;
  licence?: string;
  files: HubFile[];
}

/** Answer of `/api/models/ID/revision/REVISION?blobs=true`. Files that could not be checked or lead out are left out. */
export function decodeListing(value: unknown): HubListing {
  const o = obj(value, 'model');
  const revision = str(o.sha, 'sha');
  if (!/^[0-9a-f]{40}$/.test(revision)) throw new DecodeError('sha is not a commit');
  const card = optional(o.cardData, (v) => obj(v, 'cardData'));
  const licence = typeof card?.license === 'string' ? card.license : undefined;
  return {
    revision,
    ...(licence === undefined ? {} : { licence }),
    files: arr(o.siblings, 'siblings').flatMap((v, i) => hubFile(v, `siblings[${i}]`) ?? []),
  };
}

function hubFile(value: unknown, at: string): HubFile | undefined {
  const o = obj(value, at);
  const path = str(o.rfilename, `${at}.rfilename`);
  if (!isInside(path)) return undefined;
  const lfs = optional(o.lfs, (v) => obj(v, `${at}.lfs`));
  const bytes = num(lfs?.size ?? o.size, `${at}.size`);
  const hash = str(lfs?.sha256 ?? o.blobId, `${at}.blobId`);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new DecodeError(`${at}.size is not a size`);
  if (lfs && /^[0-9a-f]{64}$/.test(hash)) return { path, bytes, check: { sha256: hash } };
  if (/^[0-9a-f]{40}$/.test(hash)) return { path, bytes, check: { gitBlob: hash } };
  throw new DecodeError(`${at} has no hash`);
}

/** The files to fetch for each number format that the decoder comes in; empty where the model cannot be run. */
export function offers(files: readonly HubFile[]): { dtype: Dtype; files: HubFile[]; bytes: number }[] {
  if (missingFrom(files).length > 0) return [];
  const variants = variantsOf(files);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const small = [...NEEDED_FILES, ...OPTIONAL_FILES].flatMap((path) => byPath.get(path) ?? []);
  return variants.decoder_model_merged.map(({ dtype }) => {
    const graphs = GRAPHS.flatMap((graph) => {
      const own = variants[graph].find((variant) => variant.dtype === dtype);
      return (own ?? nearest(variants[graph], dtype)).files.map(({ path }) => byPath.get(path)!);
    });
    const all = [...small, ...graphs];
    return { dtype, files: all, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
}

/** The next better format of a graph that does not come in this one, else its best. */
function nearest<T extends { dtype: Dtype }>(variants: readonly T[], dtype: Dtype): T {
  const wanted = DTYPES.indexOf(dtype);
  const better = variants.filter((variant) => DTYPES.indexOf(variant.dtype) < wanted);
  return better.at(-1) ?? variants[0]!;
}
