import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newestAgreement, withAgreement, type BenchAgreement } from '../core/bench/agreement';
import { decodeServedAgreement, type ServedAgreement } from '../core/endpoint/agreement';
import type { EndpointConfig } from '../core/endpoint/config';
import type { Agreement } from '../core/modelManifest';
import { makeFolder } from './folder';
import { underLock } from './log/lock';
import { machineDir } from './log/machine';
import { writeWhole } from './wholeFile';

const NEVER = new AbortController().signal;

/** What benchmarks measured of served models, by host and model; the same for the extension and the command line. */
export class ServedAgreements {
  constructor(private readonly dir = join(machineDir(), 'endpoints')) {}

  /** Of the one model that these endpoints serve. */
  async of(endpoints: readonly EndpointConfig[]): Promise<Agreement[]> {
    return newestAgreement(await Promise.all(placesOf(endpoints).map((place) => this.read(place))));
  }

  /** All hosts had a share in what was measured. */
  async keep(endpoints: readonly EndpointConfig[], fresh: BenchAgreement): Promise<void> {
    await makeFolder(this.dir);
    for (const place of placesOf(endpoints)) {
      const path = this.pathOf(place);
      await underLock(path, async () => {
        const agreement = withAgreement(await this.read(place), fresh);
        const file: ServedAgreement = { format: 'aesrm.servedAgreement/1', ...place, agreement };
        await writeWhole(path, [`${JSON.stringify(file, undefined, 1)}\n`], NEVER);
      });
    }
  }

  /** Nothing where there is no file, or none that can be read: it is measured again then. */
  private async read(place: Place): Promise<Agreement[]> {
    try {
      const file = decodeServedAgreement(JSON.parse(await readFile(this.pathOf(place), 'utf8')));
      return file.origin === place.origin && file.model === place.model ? file.agreement : [];
    } catch {
      return [];
    }
  }

  private pathOf({ origin, model }: Place): string {
    const key = createHash('sha256')
      .update(JSON.stringify([origin, model]))
      .digest('hex');
    return join(this.dir, `${key.slice(0, 32)}.json`);
  }
}

type Place = Pick<ServedAgreement, 'origin' | 'model'>;

function placesOf(endpoints: readonly EndpointConfig[]): Place[] {
  const places = new Map(
    endpoints.map(({ address: { origin }, model }) => [JSON.stringify([origin, model]), { origin, model }]),
  );
  return [...places.values()];
}
