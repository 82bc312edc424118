import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mock } from 'node:test';
import { TIMING } from '../../../src/engine/supervisor';
import { workerTransport } from '../../../src/engine/transport';

describe('a worker whose call is cancelled', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  /** Of a worker that hears and says nothing; how often it was given up. */
  function silent() {
    const child = Object.assign(new EventEmitter(), { connected: true, send: () => true });
    const transport = workerTransport(child as unknown as ChildProcess, TIMING.grace);
    transport.receive(() => undefined);
    const ends = { count: 0 };
    transport.onStuck = () => (ends.count++, 'gone');
    transport.send({ kind: 'cancel', id: 7 });
    return { child, ends };
  }

  it('is given up well within a second where it does not answer', () => {
    const { ends } = silent();
    mock.timers.tick(800);
    assert.equal(ends.count, 1);
  });

  it('is kept where it answers within half a second', () => {
    const { child, ends } = silent();
    mock.timers.tick(500);
    child.emit('message', { kind: 'err', id: 7 });
    mock.timers.tick(5000);
    assert.equal(ends.count, 0);
  });
});
