import type { Log } from '../../engine/supervisor';
import type { EngineHost } from '../engineHost';
import type { RecordKeeper } from '../record';

/** What a sweep needs of its window. */
export interface SessionServices {
  engine: EngineHost;
  record: RecordKeeper;
  log: Log;
}
