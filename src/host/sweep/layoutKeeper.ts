import { toProblem } from '../../core/problem';
import type { SweepLayout } from '../../core/sweep/layout';
import type { Engine } from '../../engine/client';
import type { Log } from '../../engine/supervisor';

/** Where the record of a sweep is kept, where instead if that cannot be written, and the sweep's name there. */
export interface LayoutPlaces {
  homeDir?: string;
  fallbackDir?: string;
  name: string;
}

export interface LayoutRead {
  layout: SweepLayout;
  /** A sentence on what could not be read or kept. */
  notice?: string;
}

/** A change of a layout; null takes a correction back. */
export type Correction = Partial<Record<keyof SweepLayout, string | null>>;

export function corrected(layout: SweepLayout, change: Correction): SweepLayout {
  const entries = Object.entries({ ...layout, ...change });
  return Object.fromEntries(entries.filter(([, v]) => v !== null && v !== undefined));
}

/** What was corrected of a sweep, in `sweep.json` of its record; beside the user's own records where that cannot be. */
export class LayoutKeeper {
  /** What is nowhere on the disk. */
  private unkept: LayoutRead | undefined;

  constructor(
    private readonly engine: () => Engine,
    private readonly log: Log,
  ) {}

  /** One kept elsewhere comes first: it is there because the record could not be written. */
  async read({ homeDir, fallbackDir, name }: LayoutPlaces): Promise<LayoutRead> {
    if (this.unkept) return this.unkept;
    const read: LayoutRead = { layout: {} };
    for (const logDir of [fallbackDir, homeDir])
      if (logDir !== undefined && Object.keys(read.layout).length === 0)
        try {
          read.layout = (await this.engine().sweepLayout({ logDir, name })).layout;
        } catch (error) {
          read.notice = this.told(error);
        }
    return read;
  }

  async keep({ homeDir, fallbackDir, name }: LayoutPlaces, layout: SweepLayout): Promise<LayoutRead> {
    const keepIn = (logDir: string, kept: SweepLayout) =>
      this.engine().sweepLayout({ logDir, name, layout: kept });
    this.unkept = undefined;
    try {
      if (homeDir !== undefined) await keepIn(homeDir, layout);
      else this.unkept = { layout };
      if (fallbackDir !== undefined)
        await keepIn(fallbackDir, {}).catch((error: unknown) => this.told(error));
      return { layout };
    } catch (error) {
      const read = { layout, notice: this.told(error) };
      if (fallbackDir === undefined) this.unkept = read;
      else await keepIn(fallbackDir, layout).catch(() => (this.unkept = read));
      return read;
    }
  }

  private told(error: unknown): string {
    const { message } = toProblem(error);
    this.log('warn', message);
    return message;
  }
}
