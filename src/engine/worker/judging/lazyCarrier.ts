import type { ChatAnswer, ChatRequest } from '../../../core/chain/chat';
import { cancelled } from '../../../core/problem';
import type { Carrier, CarrierAbilities, CarrierCall } from '../../carrier';
import { SharedWork } from '../shared';

/** A carrier that is opened by the first who wants an answer of it; where that fails, the next one tries again. */
export class LazyCarrier implements Carrier {
  private readonly openings = new SharedWork<Carrier>();
  private opened: Carrier | undefined;

  constructor(
    readonly width: number,
    private readonly open: (signal: AbortSignal) => Promise<Carrier>,
  ) {}

  /** Known once it is {@link ready}. */
  get abilities(): CarrierAbilities {
    return this.opened?.abilities ?? { schema: false, logprobs: false };
  }

  /** Opens it; who leaves is told at once, and disturbs nobody who waits for the same. The last one ends the opening. */
  async ready(signal?: AbortSignal): Promise<Carrier> {
    if (signal?.aborted) throw cancelled();
    return this.opened ?? this.openings.run('', (wanted) => this.opens(wanted), { signal });
  }

  async ask(request: ChatRequest, call: CarrierCall): Promise<ChatAnswer> {
    return (await this.ready(call.signal)).ask(request, call);
  }

  async dispose(): Promise<void> {
    await this.openings.dispose();
    const carrier = this.opened;
    this.opened = undefined;
    await carrier?.dispose();
  }

  private async opens(wanted: AbortSignal): Promise<Carrier> {
    const carrier = await this.open(wanted);
    if (!wanted.aborted) return (this.opened = carrier);
    await carrier.dispose();
    throw cancelled();
  }
}
