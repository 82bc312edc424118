import type { Log } from '../../engine/supervisor';
import type { EngineHost } from '../engineHost';
import type { JudgeKeeper } from '../judges/keeper';
import type { RecordKeeper } from '../record';

/** What a sweep needs of its window. */
export interface SessionServices {
  engine: EngineHost;
  record: RecordKeeper;
  judges: JudgeKeeper;
  log: Log;
}
