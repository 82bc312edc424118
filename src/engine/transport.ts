import type { ChildProcess } from 'node:child_process';
import type { Envelope, Transport } from '../protocol/rpc';

export interface WatchedTransport extends Transport {
  /** Called when a call that was cancelled is not answered within the grace time; where it says so, as much more is given. */
  onStuck: () => 'wait' | 'gone';
  /** Called whenever the worker says anything. */
  onHeard: () => void;
  close(): void;
}

/** The parent's end of the channel to a forked worker; watches that a cancelled call is answered. */
export function workerTransport(child: ChildProcess, graceMs: number): WatchedTransport {
  const cancelled = new Map<number, NodeJS.Timeout>();
  const settle = (id: number) => {
    clearTimeout(cancelled.get(id));
    cancelled.delete(id);
  };
  const giveTime = (id: number): void => {
    const late = () => void (transport.onStuck() === 'wait' && giveTime(id));
    cancelled.set(id, setTimeout(late, graceMs).unref());
  };
  const transport: WatchedTransport = {
    onStuck: () => 'gone',
    onHeard: () => undefined,
    send(message: Envelope) {
      if (message.kind === 'cancel') giveTime(message.id);
      // A broken channel shows itself by the worker's exit.
      if (child.connected) child.send(message, () => undefined);
    },
    receive(listener) {
      child.on('message', (message) => {
        const id = answered(message);
        if (id !== undefined) settle(id);
        transport.onHeard();
        listener(message);
      });
    },
    close() {
      for (const id of [...cancelled.keys()]) settle(id);
    },
  };
  return transport;
}

/** Id of the call that a message ends. */
function answered(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { kind, id } = message as { kind?: unknown; id?: unknown };
  return (kind === 'ok' || kind === 'err') && typeof id === 'number' ? id : undefined;
}

/** The worker's end of the channel. */
export function parentTransport(): Transport {
  return {
    send: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    receive: (listener) => void process.on('message', listener),
  };
}
