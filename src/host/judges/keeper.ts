import { EventEmitter, type Memento } from 'vscode';
import { CHAIN_MODES, type ChainMode } from '../../core/chain/options';
import { obj, oneOf, str } from '../../core/decode';
import { byModel, endpointSetting, type EndpointConfig } from '../../core/endpoint/config';
import { COMPACT, type JudgeSpec } from '../../core/judgeSpec';
import { problem } from '../../core/problem';
import { fromHome } from '../engineHost';

/** What is remembered of a choice: names, and nothing of how to reach what they name. */
export type Chosen =
  | { kind: 'compact' }
  | { kind: 'local'; key: string; name: string; mode: ChainMode }
  | { kind: 'endpoint'; name: string; mode: ChainMode };

/** How vision-language models are asked, as the settings have it. */
export interface ChainSettings {
  chainSamples: number;
  chainFrames: number;
  /** A path, or empty for the built-in text. */
  chainProtocol: string;
}

const KEPT = 'aesrm.judge';

/** Which judge this workspace asks. */
export class JudgeKeeper {
  private readonly changed = new EventEmitter<void>();
  /** Another judge is asked from now on, or the same in another way. */
  readonly onChange = this.changed.event;
  private last: string;

  constructor(
    private readonly memory: Memento,
    private readonly modelsDir: string,
    private readonly endpoints: () => EndpointConfig[],
    private readonly settings: () => ChainSettings,
  ) {
    this.last = this.print();
  }

  get chosen(): Chosen {
    return decodeChosen(this.memory.get(KEPT));
  }

  async choose(chosen: Chosen): Promise<void> {
    await this.memory.update(KEPT, chosen);
    this.check();
  }

  /** Settings may have changed what is asked. How a judge is reached, and at what price, makes it no other. */
  check(): void {
    const now = this.print();
    if (now === this.last) return;
    this.last = now;
    this.changed.fire();
  }

  /** The judge as requests name it. Throws a `ProblemError` where what was chosen is not there any more. */
  spec(): JudgeSpec {
    const { chosen } = this;
    if (chosen.kind === 'compact') return COMPACT;
    const { chainSamples: samples, chainFrames: frames, chainProtocol: protocol } = this.settings();
    const asked = { mode: chosen.mode, samples, frames };
    const how = { asked, ...(protocol === '' ? {} : { protocol: fromHome(protocol) }) };
    if (chosen.kind === 'local') return { kind: 'local', dir: this.modelsDir, key: chosen.key, ...how };
    const served = byModel(this.endpoints()).get(chosen.name);
    if (!served)
      throw problem(
        'endpointInvalid',
        `No endpoint serves "${chosen.name}", the judge of this workspace.`,
        'Name one in "aesrm.endpoints", or choose another judge (AesRM: Select Judge).',
      );
    return { kind: 'endpoint', endpoints: served.map(endpointSetting), ...how };
  }

  dispose(): void {
    this.changed.dispose();
  }

  private print(): string {
    const { chosen } = this;
    const { chainSamples, chainFrames, chainProtocol } = this.settings();
    const how = chosen.kind === 'compact' ? [] : [chainSamples, chainFrames, chainProtocol];
    return JSON.stringify([chosen, ...how]);
  }
}

/** The compact judge where nothing was chosen, or what was kept cannot be read. */
function decodeChosen(value: unknown): Chosen {
  try {
    const o = obj(value, 'judge');
    const kind = oneOf(o.kind, ['local', 'endpoint'] as const, 'kind');
    const known = { name: str(o.name, 'name'), mode: oneOf(o.mode, CHAIN_MODES, 'mode') };
    return kind === 'local' ? { kind, key: str(o.key, 'key'), ...known } : { kind, ...known };
  } catch {
    return { kind: 'compact' };
  }
}
