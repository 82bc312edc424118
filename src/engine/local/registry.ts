import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withAgreement, type BenchAgreement } from '../../core/bench/agreement';
import { decodeKey, decodeLocalModel, keyOf, type LocalModelRecord } from '../../core/local/record';
import { problem, toProblem } from '../../core/problem';
import { makeFolder } from '../folder';
import { underLock } from '../log/lock';
import { readFolder, type FolderRead, type ReadOptions } from './folder';
import { weightsOf } from './hashing';

/** What was removed and may come back. */
const ASIDE = '.removed';
/** Downloads that are not whole. */
const INCOMING = '.incoming';

/** The local models of one place: a record per model, and a folder beside it where its files are ours. */
export class ModelRegistry {
  constructor(private readonly dir: string) {}

  async list(): Promise<{ models: LocalModelRecord[]; problems: string[] }> {
    const names = await readdir(this.dir).catch(() => [] as string[]);
    const models: LocalModelRecord[] = [];
    const problems: string[] = [];
    for (const name of names.filter((n) => n.endsWith('.json')).sort())
      try {
        models.push(await this.read(name.slice(0, -'.json'.length)));
      } catch (error) {
        problems.push(toProblem(error).message);
      }
    return { models, problems };
  }

  async get(key: string): Promise<LocalModelRecord> {
    return this.read(decodeKey(key, 'key'));
  }

  /** Takes up a folder of the user's; asked again, it is read anew. */
  async add(folder: string, options: ReadOptions = {}): Promise<LocalModelRecord> {
    const read = await readFolder(folder, options);
    return this.alone(async () => {
      const { models } = await this.list();
      const known = models.find((model) => model.folder === read.folder);
      const name = basename(read.folder);
      const record: LocalModelRecord = {
        ...{ format: 'aesrm.localModel/1', key: known?.key ?? (await this.freeKey(name)), name },
        ...{ ours: known?.ours ?? false, agreement: stillTrue(known, read), ...read },
        ...(known?.ours ? { name: known.name, ...(known.source ? { source: known.source } : {}) } : {}),
      };
      await this.write(record);
      return record;
    });
  }

  /** Keeps what a benchmark measured of the model with these weights. */
  async keepAgreement(key: string, weights: string, fresh: BenchAgreement): Promise<void> {
    await this.alone(async () => {
      const record = await this.read(decodeKey(key, 'key'));
      if (weightsOf(record.files) !== weights)
        throw problem('modelInvalid', `The files of "${record.name}" changed meanwhile.`);
      await this.write({ ...record, agreement: withAgreement(record.agreement, fresh) });
    });
  }

  /** Where the download of a model in one format is put together: what is left of another would be taken for a part of it. */
  incoming(name: string, format: string): string {
    return join(this.dir, INCOMING, keyOf(name), keyOf(format));
  }

  /** Takes a whole download out of its place and into the models; it takes the place of an earlier one. */
  async arrived(
    name: string,
    format: string,
    source: NonNullable<LocalModelRecord['source']>,
    licence: string | undefined,
  ): Promise<LocalModelRecord> {
    const from = this.incoming(name, format);
    const read = await readFolder(from);
    return this.alone(async () => {
      const { models } = await this.list();
      const known = models.find((m) => m.ours && m.name === name);
      const key = known?.key ?? (await this.freeKey(name));
      const folder = join(this.dir, key);
      await rm(folder, { recursive: true, force: true });
      await rename(from, folder);
      const record: LocalModelRecord = {
        ...{ format: 'aesrm.localModel/1', key, name, ours: true, source },
        ...{ agreement: stillTrue(known, read), ...read, folder },
        ...(licence === undefined ? {} : { licence }),
      };
      await this.write(record);
      return record;
    });
  }

  async remove(key: string): Promise<void> {
    await this.alone(async () => {
      const { ours } = await this.get(key);
      await makeFolder(join(this.dir, ASIDE));
      await this.forget(key);
      if (ours) await this.move(key, this.dir, join(this.dir, ASIDE));
      await this.move(`${key}.json`, this.dir, join(this.dir, ASIDE));
    });
  }

  async restore(key: string): Promise<void> {
    const aside = join(this.dir, ASIDE);
    decodeKey(key, 'key');
    await this.alone(async () => {
      const known = await stat(join(this.dir, `${key}.json`)).catch(() => undefined);
      if (known) throw problem('internal', `There is another model by the name "${key}" now.`);
      if (await stat(join(aside, key)).catch(() => undefined)) await this.move(key, aside, this.dir);
      await this.move(`${key}.json`, aside, this.dir);
    });
  }

  /** Deletes what was put aside. */
  async forget(key: string): Promise<void> {
    const aside = join(this.dir, ASIDE, decodeKey(key, 'key'));
    await rm(aside, { recursive: true, force: true });
    await rm(`${aside}.json`, { force: true });
  }

  /** While other windows, and the command line, leave the records as they are. */
  private async alone<T>(work: () => Promise<T>): Promise<T> {
    await makeFolder(this.dir);
    return underLock(join(this.dir, 'records'), work);
  }

  private async move(name: string, from: string, to: string): Promise<void> {
    await rename(join(from, name), join(to, name)).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      throw problem('internal', `"${join(from, name)}" could not be moved (${code ?? String(error)}).`);
    });
  }

  private async read(key: string): Promise<LocalModelRecord> {
    const path = join(this.dir, `${key}.json`);
    const text = await readFile(path, 'utf8').catch(() => {
      throw problem(
        'modelMissing',
        `There is no local model "${key}".`,
        'Add it again (AesRM: Manage Models…).',
      );
    });
    try {
      const record = decodeLocalModel(JSON.parse(text));
      // Files that are ours lie beside their record, wherever the place has moved to.
      return record.ours ? { ...record, key, folder: join(this.dir, key) } : { ...record, key };
    } catch (error) {
      const why = error instanceof SyntaxError ? 'it is not JSON' : toProblem(error).message;
      throw problem('modelInvalid', `"${path}" is refused: ${why}.`);
    }
  }

  private async write(record: LocalModelRecord): Promise<void> {
    await makeFolder(this.dir);
    const path = join(this.dir, `${record.key}.json`);
    const scratch = `${path}.${randomBytes(4).toString('hex')}.making`;
    await writeFile(scratch, `${JSON.stringify(record, undefined, 1)}\n`);
    await rename(scratch, path);
  }

  private async freeKey(name: string): Promise<string> {
    const base = keyOf(name);
    for (let n = 1; ; n++) {
      const key = n === 1 ? base : `${base}-${n}`;
      const taken = await stat(join(this.dir, `${key}.json`)).catch(() => undefined);
      if (!taken) return key;
    }
  }
}

/** What was measured of a model that has the same files now. */
function stillTrue(
  known: LocalModelRecord | undefined,
  { files }: FolderRead,
): LocalModelRecord['agreement'] {
  return known && weightsOf(known.files) === weightsOf(files) ? known.agreement : [];
}
