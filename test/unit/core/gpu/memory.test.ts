import assert from 'node:assert/strict';
import { cardsOf, parseSmiMemory, parseVram, sharedMemory } from '../../../../src/core/gpu/memory';

const MIB = 2 ** 20;

describe('memory of graphics cards', () => {
  it('is told by nvidia-smi, a line for each card', () => {
    assert.deepEqual(parseSmiMemory('24564, 23010\n'), [{ total: 24564 * MIB, free: 23010 * MIB }]);
    assert.deepEqual(
      parseSmiMemory('81559, 80994\r\n2048, 311\r\n').map(({ free }) => free / MIB),
      [80994, 311],
    );
  });

  it('is not known of cards that say it is not, nor from a complaint', () => {
    assert.deepEqual(parseSmiMemory(''), []);
    assert.deepEqual(parseSmiMemory('[N/A], [N/A]\n'), []);
    assert.deepEqual(
      parseSmiMemory('[N/A], [N/A]\n8192, 7900\n40960, [Insufficient Permissions]\n').map(
        ({ total }) => total / MIB,
      ),
      [8192],
    );
    for (const text of [
      'No devices were found\n',
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n",
      'Field "memory.free" is not a valid field to query.\n',
    ])
      assert.deepEqual(parseSmiMemory(text), []);
  });

  it('is told by the driver of AMD in bytes', () => {
    assert.deepEqual(parseVram('17163091968\n', '1203249152\n'), {
      total: 17_163_091_968,
      free: 15_959_842_816,
    });
    assert.equal(parseVram('17163091968\n', '17163091969\n')!.free, 0);
    for (const [total, used] of [['', ''], ['17163091968', ''], ['', '0'], ['-1', '0'], ['much', '0']] as const)
      assert.equal(parseVram(total, used), undefined); // prettier-ignore
  });

  it("is not what a processor's own graphics was given at start", () => {
    assert.equal(parseVram(`${512 * MIB}\n`, `${100 * MIB}\n`), undefined);
  });

  it('is shared with the processor on Apple machines, which leave it some', () => {
    const { total, free } = sharedMemory(16e9);
    assert.equal(total, 16e9);
    assert.ok(free > 10e9 && free < 12e9);
  });

  it('is for CUDA that of cards of NVIDIA', () => {
    const [a, b] = [sharedMemory(1e9), sharedMemory(2e9)];
    assert.deepEqual(cardsOf('cuda', { nvidia: [a], others: [b] }), [a]);
    assert.deepEqual(cardsOf('webgpu', { nvidia: [a], others: [b] }), [a, b]);
  });
});
