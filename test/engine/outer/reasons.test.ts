import assert from 'node:assert/strict';
import { loadModel } from '../../../src/engine/model/manifest';
import { judgeAll } from '../../support/reasons/judge';
import { drawnSources, knownPairs } from '../../support/reasons/pairs';
import { blamedShare, share, table, type Marked } from '../../support/reasons/table';
import { cleanUp, configIn, engineIn, tempDir } from './support';

/** Of the drawn scenes; `node scripts/reasons.mjs` takes them all, and held-out clips. */
const SCENES = 2;
const LEAST = 0.8;
/** Of all drawn scenes it is one in nine. */
const MOST_BLAMED = 0.2;

describe('reasons on damage of a known kind, side and moment', () => {
  let rows: Marked[] = [];
  before(async function () {
    this.timeout(600_000);
    const dir = tempDir();
    const { manifest } = await loadModel(configIn(dir).modelDir);
    rows = await judgeAll(engineIn(dir), knownPairs(drawnSources().slice(0, SCENES), manifest.claimed));
  });
  after(cleanUp);

  it('damage every criterion that the judge claims', async () => {
    const { manifest } = await loadModel(configIn('').modelDir);
    const damaged = new Set(rows.map(({ pair }) => pair.damage.worse));
    assert.deepEqual(
      [...manifest.claimed].filter((id) => !damaged.has(id)),
      [],
    );
    assert.ok(rows.some(({ pair }) => pair.from !== undefined));
  });

  it('name the damaged side and the moment in four cases of five', () => {
    assert.ok(share(rows, 'named').value >= LEAST, `\n${table(rows)}`);
  });

  it('take a side, or lean to one, on few of the criteria that the damage leaves alone', () => {
    assert.ok(blamedShare(rows) <= MOST_BLAMED, `\n${table(rows)}`);
  });

  it('name them where the score is for the side that is whole', () => {
    const scored = rows.filter(({ mark }) => mark.side);
    assert.ok(scored.length > 0);
    assert.ok(share(scored, 'right').value >= LEAST, `\n${table(scored)}`);
  });
});
