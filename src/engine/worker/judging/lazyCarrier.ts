import type { ChatAnswer, ChatRequest } from '../../../core/chain/chat';
import { cancelled } from '../../../core/problem';
import type { Carrier, CarrierAbilities, CarrierCall } from '../../carrier';
import { unlessLeft } from '../shared';

/** A carrier that is opened by the first who wants an answer of it; where that fails, the next one tries again. */
export class LazyCarrier implements Carrier {
  private opening: Promise<Carrier> | undefined;
  private opened: Carrier | undefined;

  constructor(
    readonly width: number,
    private readonly open: () => Promise<Carrier>,
  ) {}

  /** Known once it is {@link ready}. */
  get abilities(): CarrierAbilities {
    return this.opened?.abilities ?? { schema: false, logprobs: false };
  }

  /** Opens it; who leaves is told at once, and disturbs nobody who waits for the same. */
  async ready(signal?: AbortSignal): Promise<Carrier> {
    if (signal?.aborted) throw cancelled();
    this.opening ??= this.open().then(
      (carrier) => (this.opened = carrier),
      (error: unknown) => {
        this.opening = undefined;
        throw error;
      },
    );
    return unlessLeft(this.opening, signal);
  }

  async ask(request: ChatRequest, call: CarrierCall): Promise<ChatAnswer> {
    return (await this.ready(call.signal)).ask(request, call);
  }

  async dispose(): Promise<void> {
    const carrier = await this.opening?.catch(() => undefined);
    this.opening = this.opened = undefined;
    await carrier?.dispose();
  }
}
