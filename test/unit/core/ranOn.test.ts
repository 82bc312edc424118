import * as assert from 'node:assert/strict';
import { ranOn } from '../../../src/core/ranOn';
import { judgeLine } from '../../../src/core/sweep/reportWords';
import { judgeText } from '../../../src/core/verdictFacts';
import { chainVerdict } from '../../support/chainVerdict';
import { JUDGE } from './samples';

const NAME = 'Qwen/Qwen2.5-VL-7B-Instruct';
const served = (name = NAME) => ({ ...JUDGE, kind: 'endpoint' as const, name, version: 'as served' });

describe('where a judge ran', () => {
  it('is not told by the name of a served model, which is there already', () => {
    assert.equal(ranOn(served(), NAME), '');
    assert.equal(ranOn(served(`${NAME}, verdict only`), NAME), '');
    for (const [judge, device] of [
      [served(), `${NAME}-AWQ`],
      [served('judge'), NAME],
      [served(`${NAME}-AWQ`), NAME],
      [JUDGE, 'cpu'],
    ] as const)
      assert.equal(ranOn(judge, device), device);
  });

  it('is left out of the sentences on a verdict and on a report then', () => {
    const text = judgeText(chainVerdict({ judge: { ...served(), device: NAME } }));
    assert.match(text, /^Qwen\/Qwen2\.5-VL-7B-Instruct as served \(\w+\)$/);
    assert.match(judgeLine(served(), NAME), /^Qwen\/Qwen2\.5-VL-7B-Instruct as served \(\w+\)\.$/);
    assert.match(judgeLine(JUDGE, 'cpu'), /, on cpu\./);
  });
});
