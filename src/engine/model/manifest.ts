import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { DecodeError } from '../../core/decode';
import { decodeModelManifest, type ModelFile, type ModelManifest } from '../../core/modelManifest';
import { problem, type ProblemError } from '../../core/problem';

/** A model whose files were found, measured and hashed. */
export interface LoadedModel {
  manifest: ModelManifest;
  /** Real paths. */
  encoder: string;
  judge: string;
  /** SHA-256 over the files' hashes and all of the manifest that a verdict depends on: the judge's identity. */
  hash: string;
  /** Absolute path of the model card, beside the manifest. */
  cardPath: string;
}

/** The model that comes with the programs, which lie side by side in a folder beside `models`. */
const SHIPPED = join(dirname(__dirname), 'models', 'compact');
const REINSTALL = 'Install the extension again, or put the folder "models/compact" back.';
const CHOOSE = 'Correct the model folder, or empty "aesrm.modelPath" to use the model that comes with AesRM.';
/** The key of a tensor's property (protobuf: field 1, eight bytes) that names a file beside the graph. */
const EXTERNAL_DATA = Buffer.from('\x0a\x08location', 'latin1');

/** Reads `manifest.json` of a model folder and checks every file it names. `shipped`: it came with the programs. */
export async function loadModel(dir: string, shipped = relative(SHIPPED, dir) === ''): Promise<LoadedModel> {
  return new ModelFolder(dir, shipped ? REINSTALL : CHOOSE).load();
}

class ModelFolder {
  constructor(
    private readonly dir: string,
    private readonly fix: string,
  ) {}

  async load(): Promise<LoadedModel> {
    const root = await realpath(this.dir).catch(() => {
      throw this.missing(`The judge's model folder "${this.dir}" does not exist.`);
    });
    const manifest = await this.readManifest(root);
    const { files } = manifest;
    const [encoder, judge] = await Promise.all([
      this.checkFile(root, files.encoder),
      this.checkFile(root, files.judge),
    ]);
    return { manifest, encoder, judge, hash: identityOf(manifest), cardPath: join(root, 'MODEL_CARD.md') };
  }

  private async readManifest(root: string): Promise<ModelManifest> {
    const path = join(root, 'manifest.json');
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        throw this.missing(`The judge's model is not there: "${path}" does not exist.`);
      throw this.invalid(`"${path}" cannot be read (${String(error)})`);
    });
    try {
      return decodeModelManifest(JSON.parse(text));
    } catch (error) {
      if (error instanceof SyntaxError) throw this.invalid(`"${path}" is not JSON`);
      if (error instanceof DecodeError) throw this.invalid(`"${path}": ${error.message}`);
      throw error;
    }
  }

  /** The real path of a model's file, after its place, size, hash and wholeness were checked. */
  private async checkFile(root: string, file: ModelFile): Promise<string> {
    const path = await realpath(join(root, file.path)).catch(() => {
      throw this.missing(`The judge's model is incomplete: "${file.path}" is missing in "${root}".`);
    });
    if (!isWithin(root, path)) throw this.invalid(`"${file.path}" leads out of the model's folder`);
    const { size } = await stat(path);
    if (size !== file.bytes)
      throw this.invalid(`"${file.path}" has ${size} bytes, its manifest says ${file.bytes}`);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw this.invalid(`"${file.path}" cannot be read (${String(error)})`);
    });
    if (createHash('sha256').update(bytes).digest('hex') !== file.sha256)
      throw this.invalid(`"${file.path}" is not the file that its manifest names (SHA-256)`);
    if (bytes.includes(EXTERNAL_DATA))
      throw this.invalid(`"${file.path}" keeps weights in a file that its manifest does not name`);
    return path;
  }

  private missing(message: string): ProblemError {
    return problem('modelMissing', message, this.fix);
  }

  private invalid(cause: string): ProblemError {
    return problem('modelInvalid', `The judge's model is refused: ${cause}.`, this.fix);
  }
}

function identityOf(manifest: ModelManifest): string {
  const { files, plan, encodingSize, criteria, claimed, input, output, concepts } = manifest;
  const weights = [files.encoder.sha256, files.judge.sha256];
  const names = [input.encoder, input.a, input.b];
  const outputs = [output.encoding, output.criteria, output.dimensions, output.overall];
  // Without concepts a model keeps the identity that its verdicts were logged under.
  const named = concepts ? [concepts] : [];
  const identity = [weights, plan, encodingSize, criteria, claimed, names, outputs, ...named];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
