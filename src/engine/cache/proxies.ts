import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PROXY_FOLDER } from '../../protocol/cacheFolders';
import { makeFolder } from '../folder';
import type { CallOptions, DecodeProgress } from '../ports';
import type { FileStore } from './store';

type Make = (target: string, options: CallOptions<DecodeProgress>) => Promise<void>;

/** H.264 copies that a webview can play, by the content of the clip. */
export class ProxyCache {
  constructor(private readonly store: FileStore) {}

  /** Path of the clip's proxy; `make` is asked for it where there is none. */
  async find(hash: string, make: Make, options: CallOptions<DecodeProgress>): Promise<string> {
    const name = `${PROXY_FOLDER}/${hash}.mp4`;
    const target = this.store.path(name);
    if (await this.store.has(name)) return target;
    await makeFolder(dirname(target));
    await make(target, options);
    this.store.grew((await stat(target)).size);
    return target;
  }
}
