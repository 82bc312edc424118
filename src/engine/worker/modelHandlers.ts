import { obj, oneOf, str } from '../../core/decode';
import { byModel, decodeEndpoints } from '../../core/endpoint/config';
import { FAMILIES, isFamily } from '../../core/local/families';
import { offers } from '../../core/local/hub';
import { DTYPES } from '../../core/local/layout';
import { decodeKey } from '../../core/local/record';
import { problem } from '../../core/problem';
import type { FetchProgress, ModelMethods } from '../../protocol/models';
import type { Handlers } from '../../protocol/rpc';
import { download } from '../local/download';
import { lookUp } from '../local/hub';
import { ModelRegistry } from '../local/registry';
import { parseSource } from '../local/source';
import { ServedAgreements } from '../servedAgreement';
import { tryModel } from './local/trial';
import { path } from './params';
import type { Session } from './session';

const REPORT_MS = 100;

/** The worker's methods for local models. */
export function createModelHandlers(ready: () => Session): Handlers<ModelMethods> {
  const registryOf = (params: unknown) => new ModelRegistry(path(obj(params, 'models').dir, 'dir'));
  const keyIn = (params: unknown) => decodeKey(obj(params, 'models').key, 'key');
  return {
    models: async (params) => registryOf(params).list(),
    modelAdd: async (params, { signal, progress }) => {
      const report = throttled(progress);
      const onProgress = (done: number, total: number) => report({ stage: 'checking', done, total });
      return registryOf(params).add(path(obj(params, 'modelAdd').folder, 'folder'), { signal, onProgress });
    },
    modelOffer: async (params, { signal }) => {
      const model = parseSource(
        str(obj(params, 'offer').source, 'source'),
        str(obj(params, 'offer').hub, 'hub'),
      );
      const { revision, licence, files, family } = await lookUp(model, signal);
      const choices = offers(files).map(({ dtype, bytes, files: own }) => ({
        dtype,
        bytes,
        files: own.length,
      }));
      const name = isFamily(family) ? FAMILIES[family].name : family;
      return {
        name: model.id,
        family: name,
        revision,
        ...(licence === undefined ? {} : { licence }),
        choices,
      };
    },
    modelFetch: async (params, { signal, progress }) => {
      const o = obj(params, 'fetch');
      const registry = registryOf(o);
      const asked = parseSource(str(o.source, 'source'), str(o.hub, 'hub'));
      const model = { ...asked, revision: str(o.revision, 'revision') };
      const dtype = oneOf(o.dtype, DTYPES, 'dtype');
      const { files, licence, revision } = await lookUp(model, signal);
      const offer = offers(files).find((choice) => choice.dtype === dtype);
      if (!offer) throw problem('downloadFailed', `"${model.id}" does not come in ${dtype}.`);
      const report = throttled(progress);
      const onProgress = (stage: FetchProgress['stage'], done: number, total: number) =>
        report({ stage, done, total });
      const format = `${dtype}-${revision}`;
      await download(model, revision, offer.files, registry.incoming(model.id, format), {
        signal,
        onProgress,
      });
      return registry.arrived(model.id, format, { url: `${model.base}/${model.id}`, revision }, licence);
    },
    modelRemove: async (params) =>
      registryOf(params)
        .remove(keyIn(params))
        .then(() => null),
    modelRestore: async (params) =>
      registryOf(params)
        .restore(keyIn(params))
        .then(() => null),
    modelForget: async (params) =>
      registryOf(params)
        .forget(keyIn(params))
        .then(() => null),
    servedAgreement: async (params) => {
      const models = [...byModel(decodeEndpoints(obj(params, 'served').endpoints))];
      const served = new ServedAgreements();
      return Promise.all(
        models.map(async ([model, endpoints]) => ({ model, agreement: await served.of(endpoints) })),
      );
    },
    modelTry: async (params, { signal, progress }) => {
      const record = await registryOf(params).get(keyIn(params));
      const work = () => tryModel(ready().localCarrier(record), signal, (text) => progress({ text }));
      return ready().gate.run(1, signal, work);
    },
  };
}

function throttled(progress: (p: FetchProgress) => void): (p: FetchProgress) => void {
  let next = 0;
  return (p) => {
    const now = performance.now();
    if (now < next && p.done < p.total) return;
    next = now + REPORT_MS;
    progress(p);
  };
}
