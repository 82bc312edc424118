import type { EndpointSetting } from '../core/endpoint/config';
import type { LocalModelRecord } from '../core/local/record';
import type { Dtype } from '../core/local/layout';
import type { Agreement } from '../core/modelManifest';

/** Where local models are kept: records, and the files of those that were downloaded. Absolute. */
export interface ModelPlace {
  dir: string;
}

export interface HubSource {
  /** `owner/name`, `owner/name@revision`, or the address of a model's page on a hub or a mirror of one. */
  source: string;
  /** The hub of names without an address, such as `https://huggingface.co`. */
  hub: string;
}

/** Number formats that a hub offers of a model: one choice downloads all graphs in the nearest to it. */
export interface ModelOffer {
  name: string;
  family: string;
  /** Commit of the files. */
  revision: string;
  licence?: string;
  choices: { dtype: Dtype; bytes: number; files: number }[];
}

export interface FetchProgress {
  stage: 'fetching' | 'checking';
  /** Bytes. */
  done: number;
  total: number;
}

/** What a model did with two made-up frames. */
export interface ModelTrial {
  text: string;
  device: string;
  tokens: number;
  /** To the first token, and for one more, milliseconds. */
  firstMs: number;
  nextMs: number;
  reduced?: string;
}

export interface ModelMethods {
  /** Models that were added; `problems` say which records could not be read. */
  models: { params: ModelPlace; progress: never; result: { models: LocalModelRecord[]; problems: string[] } };
  /** Takes up a folder in the Hugging Face layout; its files stay where they are. */
  modelAdd: { params: ModelPlace & { folder: string }; progress: FetchProgress; result: LocalModelRecord };
  modelOffer: { params: HubSource; progress: never; result: ModelOffer };
  /** Goes on where an earlier try ended. */
  modelFetch: {
    params: ModelPlace & HubSource & { revision: string; dtype: Dtype };
    progress: FetchProgress;
    result: LocalModelRecord;
  };
  /** Puts the model aside, with the files that are ours, until `modelRestore` or `modelForget`. */
  modelRemove: { params: ModelPlace & { key: string }; progress: never; result: null };
  modelRestore: { params: ModelPlace & { key: string }; progress: never; result: null };
  modelForget: { params: ModelPlace & { key: string }; progress: never; result: null };
  /** What benchmarks measured of the models that these endpoints serve. */
  servedAgreement: {
    params: { endpoints: readonly EndpointSetting[] };
    progress: never;
    result: { model: string; agreement: Agreement[] }[];
  };
  /** Asks the model one question about made-up frames. */
  modelTry: { params: ModelPlace & { key: string }; progress: { text: string }; result: ModelTrial };
}
