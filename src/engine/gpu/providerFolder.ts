import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { problem } from '../../core/problem';
import { PROVIDER_FILES } from '../../core/gpu/libraries';
import { readElf } from './elf';
import { holdsVersion, versionByNeighbours } from './version';

/** A folder with the CUDA provider of one version of ONNX Runtime. */
export interface ProviderFolder {
  dir: string;
  /** Names of the files that are used. */
  files: string[];
  /** Why they are taken for that version, in words. */
  proof: string;
  /** The libraries that the provider links to. */
  needed: string[];
}

/** Loading code of another version ends the process or computes nonsense: without a proof the folder is refused. */
export async function checkProviderFolder(
  dir: string,
  version: string,
  arch: string,
): Promise<ProviderFolder> {
  if (!isAbsolute(dir)) throw refusal(`"aesrm.gpuLibraries" is not an absolute path: ${dir}.`, version);
  const where = await stat(dir).catch(() => undefined);
  if (!where?.isDirectory())
    throw refusal(`The folder ${dir} ${where ? 'is no folder' : 'does not exist'}.`, version);
  const needed: string[] = [];
  for (const name of PROVIDER_FILES) needed.push(...(await checkLibrary(join(dir, name), arch, version)));
  const proof = await proofOf(dir, version);
  return { dir, files: [...PROVIDER_FILES], proof, needed: [...new Set(needed)] };
}

/** The libraries that it links to. */
async function checkLibrary(path: string, arch: string, version: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw refusal(`There is no ${basename(path)} in ${dirname(path)}.`, version);
  const elf = await readElf(path).catch((error: unknown) => {
    throw refusal(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      version,
    );
  });
  if (!elf?.isShared) throw refusal(`${path} is no shared library of Linux, or is cut short.`, version);
  if (elf.arch !== arch)
    throw refusal(
      `${path} is for another processor (${elf.arch ?? 'unknown'}) than this one (${arch}).`,
      version,
    );
  return elf.needed;
}

async function proofOf(dir: string, version: string): Promise<string> {
  const word = await versionByNeighbours(dir);
  if (word?.version === version) return word.proof;
  if (word)
    throw refusal(
      `${dir} holds ONNX Runtime ${word.version} (${word.proof}), and this one is ${version}.`,
      version,
    );
  const [main] = PROVIDER_FILES;
  if (await holdsVersion(join(dir, main), version)) return `${main} says ${version} of itself`;
  throw refusal(`Nothing in ${dir} or beside it tells that it is of ONNX Runtime ${version}.`, version);
}

function refusal(message: string, version: string) {
  const fix = `Choose a folder with ${PROVIDER_FILES.join(' and ')} of ONNX Runtime ${version}, left where its package has them; or let AesRM: Set Up GPU… fetch them.`;
  return problem('gpuLibraries', message, fix);
}
