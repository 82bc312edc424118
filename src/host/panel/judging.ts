import type { JudgeSpec } from '../../core/judgeSpec';
import type { Side } from '../../core/pair';
import { toProblem } from '../../core/problem';
import type { Engine } from '../../engine/client';
import type { Log } from '../../engine/supervisor';
import type { ClipRequest, CompareParams, CompareProgress, CompareResult } from '../../protocol/engine';
import type { RecordHome } from '../record';
import type { PanelEvent } from './model';

export interface JudgingContext {
  engine(): Engine;
  clips: Record<Side, ClipRequest>;
  /** What the clips were made from, so far as that is known. */
  prompt(): string | undefined;
  /** Which judge is asked; throws where it is not there any more. */
  judge(): JudgeSpec;
  home(): RecordHome | null;
  kept(home: RecordHome, what: 'verdict', created: boolean): void;
  dispatch(event: PanelEvent): void;
  log: Log;
}

/** The comparisons of one panel, one after the other: a new one takes the place of the one before. */
export class Judging {
  private current: AbortController | undefined;

  constructor(private readonly context: JudgingContext) {}

  /** `quiet`: a verdict stands already, and is only to be kept. */
  async run(again: boolean, { quiet = false } = {}): Promise<void> {
    this.current?.abort();
    const run = (this.current = new AbortController());
    const { context } = this;
    const dispatch = (event: PanelEvent) => {
      if (this.current === run) context.dispatch(event);
    };
    if (!quiet) dispatch({ type: 'started' });
    try {
      const home = context.home();
      const onProgress = (progress: CompareProgress) => {
        if (!quiet) dispatch({ type: 'progress', progress });
      };
      const result = await context
        .engine()
        .compare(this.params(home, again), { signal: run.signal, onProgress });
      if (home && !result.fromLog && !result.logProblem) context.kept(home, 'verdict', result.logCreated);
      dispatch({ type: 'judged', result });
      await this.recover(result, run, dispatch);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== 'cancelled') context.log('warn', `${problem.code}: ${problem.message}`);
      dispatch({ type: 'stopped', problem });
    }
  }

  /** Judges before it is asked for: nothing is shown of it meanwhile, and nothing kept. Says whether it came to a verdict. */
  async foresee(): Promise<boolean> {
    this.current?.abort();
    const run = (this.current = new AbortController());
    const { context } = this;
    try {
      const params = { ...this.params(context.home(), false), foresee: true };
      const result = await context.engine().compare(params, { signal: run.signal });
      if (this.current !== run) return false;
      context.dispatch({ type: 'judged', result });
      return true;
    } catch (error) {
      // What is wrong is said when the pair is asked for.
      context.log('debug', `not foreseen: ${toProblem(error).message}`);
      return false;
    }
  }

  private params(home: RecordHome | null, again: boolean): CompareParams {
    const { clips, prompt, judge } = this.context;
    const said = prompt();
    return {
      a: clips.A,
      b: clips.B,
      judge: judge(),
      logDir: home?.dir ?? null,
      ...(home?.fallbackDir === undefined ? {} : { fallbackLogDir: home.fallbackDir }),
      again,
      ...(said === undefined ? {} : { prompt: said }),
    };
  }

  /** The page is told at once: the call is rejected before the worker has answered. */
  cancel(): void {
    this.current?.abort();
  }

  dispose(): void {
    const run = this.current;
    this.current = undefined;
    run?.abort();
  }

  /** Takes the curves again that a verdict from the log came without. */
  private async recover(
    { measures, verdict }: CompareResult,
    run: AbortController,
    dispatch: (event: PanelEvent) => void,
  ): Promise<void> {
    const missing = (['A', 'B'] as const).filter((side) => !measures[side]);
    if (missing.length === 0) return;
    dispatch({ type: 'recovering', on: true });
    for (const side of missing) {
      try {
        const found = await this.context.engine().inspect(this.context.clips[side], { signal: run.signal });
        const judged = side === 'A' ? verdict.a : verdict.b;
        if (found.clip.hash === judged.hash)
          dispatch({ type: 'clip', side, change: { measures: found.measures } });
        else this.context.log('warn', `no curves for side ${side}: the file is no longer the one judged`);
      } catch (error) {
        this.context.log('warn', `no curves for side ${side}: ${toProblem(error).message}`);
      }
    }
    dispatch({ type: 'recovering', on: false });
  }
}
