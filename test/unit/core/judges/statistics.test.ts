import * as assert from 'node:assert/strict';
import { shareOfTally } from '../../../../src/core/bench/stats/bootstrap';
import { agreementOf } from '../../../../src/core/judges/agreement';
import { groupPairs, MOST_UNITS, tally } from '../../../../src/core/judges/groups';
import { CELLS, cohensKappa, kappaOf } from '../../../../src/core/judges/kappa';
import { JudgesRecord, ordersSaid } from '../../../../src/core/judges/record';
import { LEAST_PAIRS } from '../../../../src/core/judges/report';
import type { Choice } from '../../../../src/core/pair';
import { NOT_JUDGED } from '../../../../src/core/sweep/table';
import { random } from '../samples';
import { cast, reportOn, say, vote } from './madeUp';

const near = (found: number, expected: number, within = 1e-12) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`);

describe("Cohen's kappa", () => {
  it('is what is computed by hand', () => {
    // Two calls: 35 of 50 alike, half by chance.
    near(cohensKappa([20, 0, 5, 0, 0, 0, 10, 0, 15])!, 0.4);
    // Three calls: 15 of 20 alike, (6 * 6 + 6 * 7 + 8 * 7) / 400 by chance.
    near(cohensKappa([5, 1, 0, 1, 4, 1, 0, 2, 6])!, (0.75 - 0.335) / (1 - 0.335));
    assert.equal(cohensKappa([4, 0, 0, 0, 4, 0, 0, 0, 4]), 1);
    assert.equal(cohensKappa([0, 0, 5, 0, 0, 0, 5, 0, 0]), -1);
  });

  it('is none where both always make the same call', () => {
    assert.equal(cohensKappa([0, 0, 0, 0, 7, 0, 0, 0, 0]), null);
    assert.equal(cohensKappa([0, 7, 0, 0, 0, 0, 0, 0, 0]), 0);
  });

  it('does not claim certainty where no disagreement was seen', () => {
    const tables = new Float64Array(20 * CELLS);
    for (let unit = 0; unit < 20; unit++) tables[unit * CELLS + (unit % 2 ? 0 : 8)] = 1;
    const same = shareOfTally({ sums: new Float64Array(20).fill(1), counts: new Float64Array(20).fill(1) })!;
    const { value, interval } = kappaOf(tables, same)!;
    assert.deepEqual([value, interval![1]], [1, 1]);
    assert.ok(interval![0] > 0.5 && interval![0] < 0.9, String(interval));
  });
});

/** Groups of pairs whose difficulty they share: judges that know it agree, else they say anything. */
function madeUpGroups(groups: number, next: () => number) {
  const pairs: { group: number; calls: [number, number] }[] = [];
  for (let group = 0; group < groups; group++) {
    const hard = next();
    for (let i = 0; i < 5; i++) {
      const truth = Math.floor(next() * 3);
      const call = () => (next() < hard * 0.7 ? Math.floor(next() * 3) : truth);
      pairs.push({ group, calls: [call(), call()] });
    }
  }
  const tables = new Float64Array(groups * CELLS);
  for (const { group, calls } of pairs) tables[group * CELLS + 3 * calls[0] + calls[1]]! += 1;
  const grouping = { groups, units: groups, unitOf: Int32Array.from(pairs, ({ group }) => group) };
  const same = shareOfTally(tally(grouping, (i) => Number(pairs[i]!.calls[0] === pairs[i]!.calls[1])))!;
  return { tables, same };
}

describe('intervals over groups', () => {
  it('hold the truth about as often as they say', function () {
    this.timeout(60_000);
    const next = random(5);
    // Both know the truth with the chance (1 - 0.7 h), h uniform: E[(1 - 0.7 h)^2] is the true kappa.
    const kappa = 1 - 0.7 + 0.49 / 3;
    const share = kappa + (1 - kappa) / 3;
    const runs = 300;
    const hits = { kappa: 0, share: 0 };
    for (let run = 0; run < runs; run++) {
      const { tables, same } = madeUpGroups(25, next);
      const [low, high] = kappaOf(tables, same)!.interval!;
      if (low <= kappa && kappa <= high) hits.kappa++;
      if (same.interval![0] <= share && share <= same.interval![1]) hits.share++;
    }
    for (const [what, n] of Object.entries(hits))
      assert.ok(n / runs >= 0.91 && n / runs <= 0.99, `${what}: ${n / runs}`);
  });
});

describe('groups of pairs', () => {
  const record = new JudgesRecord();
  const pair = (a: string, b: string) => record.place(a, b)!.pair;

  it('are what common clips join', () => {
    const found = groupPairs([
      pair('a', 'b'),
      pair('c', 'd'),
      pair('e', 'f'),
      pair('b', 'c'),
      pair('g', 'h'),
    ]);
    assert.equal(found.groups, 3);
    const [ab, cd, ef, bc, gh] = found.unitOf;
    assert.deepEqual([ab, ab], [cd, bc]);
    assert.equal(new Set([ab, ef, gh]).size, 3);
  });

  it('are put into bunches of equal size where they are very many', () => {
    const pairs = Array.from({ length: 4 * MOST_UNITS }, (_, i) => pair(`x${i}`, `y${i}`));
    const { groups, units, unitOf } = groupPairs(pairs);
    assert.deepEqual([groups, units], [4 * MOST_UNITS, MOST_UNITS]);
    const { counts } = tally({ groups, units, unitOf }, () => 1);
    assert.ok(counts.every((n) => n === 4));
  });

  it('follow a chain of any length', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => pair(`z${i}`, `z${i + 1}`));
    assert.equal(groupPairs(chain).groups, 1);
  });
});

describe('judges on the same pairs', () => {
  /** So many pairs without a clip in common. */
  function told(calls: [one: Choice, other: Choice][], turned = false): JudgesRecord {
    const record = new JudgesRecord();
    calls.forEach(([one, other], i) => {
      say(record, 'one', `a${i}`, `b${i}`, one);
      const mirrored = other === 'tie' ? other : other === 'A' ? 'B' : 'A';
      if (turned) say(record, 'other', `b${i}`, `a${i}`, mirrored);
      else say(record, 'other', `a${i}`, `b${i}`, other);
    });
    return record;
  }
  const calls = Array.from({ length: 40 }, (_, i): [Choice, Choice] => [
    i % 2 ? 'A' : 'B',
    i < 24 ? (i % 2 ? 'A' : 'B') : i < 32 ? 'tie' : i % 2 ? 'B' : 'A',
  ]);

  it('agree as they do, whichever clip each was told is A', () => {
    for (const record of [told(calls), told(calls, true)]) {
      const found = agreementOf(record.judge('one'), record.judge('other'));
      assert.deepEqual([found.pairs, found.groups], [40, 40]);
      for (const figures of Object.values(found.figures!)) {
        const { same, opposite, kappa } = figures!;
        assert.deepEqual([same.value, opposite.value], [0.6, 0.2]);
        // Of 40: 20 and 20 against 16, 8 and 16; 0.4 by chance.
        near(kappa!.value, (0.6 - 0.4) / 0.6);
        assert.ok(same.interval![0] < 0.6 && same.interval![1] > 0.6);
      }
    }
  });

  it('are compared on each series where both judged it, and on none that one of them did not', () => {
    const record = new JudgesRecord();
    for (let i = 0; i < 24; i++) {
      const [one, other] = [record.place(`a${i}`, `b${i}`)!, record.place(`b${i}`, `a${i}`)!];
      record.add(record.judge('one'), one, 0, [1, i < 12 ? 1 : NOT_JUDGED, NOT_JUDGED, 1]);
      record.add(record.judge('other'), other, 0, [-1, -1, -1, i < 20 ? NOT_JUDGED : -1]);
    }
    const { pairs, figures } = agreementOf(record.judge('one'), record.judge('other'));
    assert.equal(pairs, 24);
    assert.deepEqual([figures!.overall!.same.value, figures!.overall!.fewer], [1, undefined]);
    assert.deepEqual([figures!.VA!.same.value, figures!.VA!.fewer], [1, { pairs: 12, groups: 12 }]);
    assert.deepEqual([figures!.VF, figures!.VP], [null, null]);
    const { pair } = record.place('a0', 'b0')!;
    assert.equal(record.judge('one').score(pair, 2), null);
  });

  it('are held against votes on what they judged', () => {
    const record = new JudgesRecord();
    const votes = Array.from({ length: 12 }, (_, i) => {
      const [a, b] = [`a${i}`, `b${i}`];
      record.add(record.judge('whole'), record.place(a, b)!, 0, [1, NOT_JUDGED, NOT_JUDGED, NOT_JUDGED]);
      record.add(record.judge('both'), record.place(a, b)!, 0, [1, 1, NOT_JUDGED, 1]);
      return vote(a, b, 'A', { dimensions: { VA: 'A', VF: 'tie' } });
    });
    const report = reportOn(record, cast(record, votes));
    const nameOf = (judge: number) => report.judges[judge]!.hash;
    assert.deepEqual(
      report.votes.map(({ on, judges, differences }) => [
        on,
        judges.map(({ judge, right }) => `${nameOf(judge)} ${right!.value}`).sort(),
        differences.length,
      ]),
      [
        ['overall', ['both 1', 'whole 1'], 1],
        ['VA', ['both 1'], 0],
      ],
    );
  });

  it('are taken at their latest word, told in any order and either way round', () => {
    const record = new JudgesRecord();
    say(record, 'one', 'a', 'b', 'A', 20);
    say(record, 'one', 'b', 'a', 'A', 10);
    const { pair, turned } = record.place('a', 'b')!;
    assert.equal(record.judge('one').score(pair, 0), turned ? -1 : 1);
    say(record, 'one', 'b', 'a', 'A', 20);
    assert.equal(record.judge('one').score(pair, 3), turned ? 1 : -1);
    assert.equal(record.judge('one').pairs.size, 1);
    say(record, 'one', 'a', 'a', 'A');
    assert.equal(record.judge('one').pairs.size, 1);
  });

  it('have no figure on too few pairs, and are not listed on none', () => {
    const record = told(calls.slice(0, LEAST_PAIRS - 1));
    say(record, 'third', 'a0', 'x', 'A');
    const { agreements, judges } = reportOn(record);
    assert.equal(judges.length, 3);
    assert.deepEqual(agreements, [{ judges: [0, 1], pairs: 9, groups: 9, figures: null }]);
    assert.ok(reportOn(told(calls.slice(0, LEAST_PAIRS))).agreements[0]!.figures);
  });
});

describe('judges against votes', () => {
  /** A judge that is right on the first `right` of `pairs`. */
  function withJudges(pairs: number, right: Record<string, number>): JudgesRecord {
    const record = new JudgesRecord();
    for (const [judge, n] of Object.entries(right))
      for (let i = 0; i < pairs; i++) say(record, judge, `a${i}`, `b${i}`, i < n ? 'A' : i % 2 ? 'B' : 'tie');
    return record;
  }
  const votes = (n: number, over: Parameters<typeof vote>[3] = {}) =>
    Array.from({ length: n }, (_, i) => vote(`a${i}`, `b${i}`, 'A', over));

  it('are right where they call as the person does, their ties being wrong and ties of people left out', () => {
    const record = withJudges(30, { one: 20 });
    const [set, ...rest] = reportOn(
      record,
      cast(record, [...votes(24), ...votes(0), vote('a29', 'b29', 'tie')]),
    ).votes;
    assert.deepEqual(rest, []);
    assert.deepEqual(
      [set!.by, set!.cast, set!.on, set!.votes, set!.ties],
      ['ann', 'blind', 'overall', 24, 1],
    );
    near(set!.judges[0]!.right!.value, 20 / 24);
  });

  it('stand apart by person and by what was on the screen, people together once there are several', () => {
    const record = withJudges(30, { one: 20 });
    const said = [
      ...votes(12),
      ...votes(15, { by: 'bob' }),
      ...votes(11, { by: 'bob', blind: false, modelShown: true }),
      ...votes(3, { blind: false }),
    ];
    const found = reportOn(record, cast(record, said)).votes;
    assert.deepEqual(
      found.map(({ by, cast: how, votes: n }) => [by, how, n]),
      [
        ...[[null, 'blind', 27], ['ann', 'blind', 12], ['bob', 'blind', 15]],
        ...[[null, 'named', 3], ['ann', 'named', 3]],
        ...[[null, 'shown', 11], ['bob', 'shown', 11]],
      ], // prettier-ignore
    );
    assert.deepEqual(found[3]!.judges, [{ judge: 0, pairs: 3, groups: 3, right: null }]);
  });

  it('differ on the same votes, or are not told apart', () => {
    const record = withJudges(40, { good: 38, like: 37, bad: 12 });
    const [set] = reportOn(record, cast(record, votes(40))).votes;
    const { judges } = reportOn(record);
    const between = (one: string, other: string) => {
      const [i, j] = [one, other].map((hash) => judges.findIndex((judge) => judge.hash === hash)) as [
        number,
        number,
      ];
      const found = set!.differences.find(({ judges: two }) => two.includes(i) && two.includes(j))!;
      const sign = found.judges[0] === i ? 1 : -1;
      return found.difference!.interval!.map((end) => sign * end).sort((a, b) => a - b) as [number, number];
    };
    assert.ok(between('good', 'bad')[0] > 0.3);
    const [low, high] = between('good', 'like');
    assert.ok(low < 0 && high > 0, `${low} to ${high}`);
  });

  it('speak of a dimension where a vote does', () => {
    const record = withJudges(12, { one: 12 });
    const said = Array.from({ length: 12 }, (_, i) =>
      vote(`b${i}`, `a${i}`, undefined, { dimensions: { VF: 'B' } }),
    );
    const [set, ...rest] = reportOn(record, cast(record, said)).votes;
    assert.deepEqual([set!.on, set!.judges[0]!.right!.value, rest.length], ['VF', 1, 0]);
  });
});

describe('recorded position bias', () => {
  it('tells how often the order changed the verdict, and which place it favoured', () => {
    const record = new JudgesRecord();
    const judged = record.judge('one');
    for (let i = 0; i < 40; i++) {
      say(record, 'one', `a${i}`, `b${i}`, 'tie');
      // Of four: one is for whatever is shown first, one ties in one order, two are steady.
      const [ab, ba] = [['A', 'B'], ['tie', 'B'], ['A', 'A'], ['B', 'B']][i % 4] as [Choice, Choice]; // prettier-ignore
      judged.orders.set(record.place(`a${i}`, `b${i}`)!.pair, ordersSaid(0, ab, ba));
    }
    const [found] = reportOn(record).position;
    assert.deepEqual([found!.pairs, found!.changed, found!.changes!.value], [40, 20, 0.5]);
    assert.equal(found!.decisive, 70);
    near(found!.first!.value, 50 / 70);
    assert.ok(found!.first!.interval![0] > 0.5);
  });

  it('is the same with the sides swapped', () => {
    const mirror = (choice: Choice) => (choice === 'A' ? 'B' : choice === 'B' ? 'A' : choice);
    for (const ab of ['A', 'tie', 'B'] as const)
      for (const ba of ['A', 'tie', 'B'] as const)
        assert.deepEqual(ordersSaid(1, ab, ba), ordersSaid(1, mirror(ba), mirror(ab)));
  });
});
