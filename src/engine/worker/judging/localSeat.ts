import type { Carrier } from '../../carrier';
import { Gate } from '../gate';

const NEVER = new AbortController().signal;

/**
 * Two local models have no room beside each other: a question to another one waits for the answer that is being
 * written, and takes the place of its model.
 */
export class LocalSeat {
  private readonly gate = new Gate(1);
  private holder: Carrier | undefined;

  /** The same carrier, asked when it has the seat. */
  seated(carrier: Carrier): Carrier {
    return {
      get abilities() {
        return carrier.abilities;
      },
      width: carrier.width,
      ask: (request, call) =>
        this.gate.run(1, call.signal ?? NEVER, async () => {
          if (this.holder !== carrier) await this.holder?.dispose();
          this.holder = carrier;
          return carrier.ask(request, call);
        }),
      dispose: () => this.gate.run(1, NEVER, () => carrier.dispose()),
    };
  }
}
