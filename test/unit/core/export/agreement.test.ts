import assert from 'node:assert/strict';
import { agreementTexts } from '../../../../src/core/sweep/reportWords';
import { voteAgreement, type PairVote } from '../../../../src/core/sweep/stats/agreement';

describe('the words on how far people agree', () => {
  const cast = (by: string, rows: number): PairVote[] =>
    Array.from({ length: rows }, (_, row) => ({ by, earlier: 0, later: 1, row, seed: 0, overall: 1 }));
  const said = (votes: PairVote[]) => agreementTexts(voteAgreement(votes, () => null))[0]!;

  it('do not call pairs few on which all said the same', () => {
    assert.match(
      said([...cast('Ada', 20), ...cast('Bob', 20)]),
      /the same answer throughout, on 20 shared pairs;/,
    );
  });

  it('say where no pair is shared', () => {
    const others = cast('Bob', 3).map((vote) => ({ ...vote, row: vote.row + 5 }));
    assert.match(said([...cast('Ada', 3), ...others]), /no shared pairs/);
  });
});
