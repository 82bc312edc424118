import * as assert from 'node:assert/strict';
import type { Uri } from 'vscode';
import type { Grid } from '../../../../src/core/sweep/grid';
import type { ClipPair, Comparison } from '../../../../src/host/panel/comparison';
import { after, judged, opened, vote } from '../builders';
import type { PanelModel } from '../../../../src/host/panel/model';
import type { SweepNavigator } from '../../../../src/host/panel/sweepNavigator';
import { SweepWalk } from '../../../../src/host/panel/sweepWalk';
import { GridNavigator } from '../../../../src/host/sweep/navigator';
import type { SweepSession } from '../../../../src/host/sweep/session';
import type { SweepStep } from '../../../../src/protocol/panel';
import type { Reference } from '../../../../src/protocol/sweepPage';
import type { CastVote } from '../../../../src/host/sweep/sessionView';

const uri = (path: string) => ({ toString: () => `file:///run/${path}` }) as Uri;
const ROOT = uri('');

/** Columns in that order, each with the same prompts. */
function grid(columns: readonly string[], rows = 2): Grid {
  return {
    id: 'general',
    title: '',
    columns: columns.map((id) => ({ id, label: id, kind: 'step' })),
    rows: Array.from({ length: rows }, (_, i) => ({ id: `${i}`, label: `prompt ${i}` })),
    seeds: [''],
    clips: columns.flatMap((id, column) =>
      Array.from({ length: rows }, (_, row) => ({
        path: `${id}/${row}.mp4`,
        size: 1,
        mtimeMs: 0,
        column,
        row,
        seed: 0,
      })),
    ),
    leftovers: [],
    notes: [],
  };
}

/** An open sweep, which may be closed, and whose grid may change. */
function sweep(columns: readonly string[]) {
  const votes: CastVote[] = [];
  const state = { grid: grid(columns), open: true, progress: 0 };
  const listeners = new Set<() => void>();
  const layout = {};
  const session = {
    name: 'run',
    get view() {
      return { grid: state.grid, layout, progress: state.progress };
    },
    uriOf: (path: string) => (state.grid.clips.some((clip) => clip.path === path) ? uri(path) : undefined),
    clipOf: (text: string) => state.grid.clips.find(({ path }) => text === uri(path).toString()),
    voted: (cast: CastVote) => votes.push(cast),
  } as unknown as SweepSession;
  const navigator = (pair: ClipPair, against?: Reference): SweepNavigator => {
    const services = {
      session: () => (state.open ? session : undefined),
      onChange: (listener: () => void) => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
      reviewer: () => 'ann',
      showAt: () => undefined,
    };
    return new GridNavigator(ROOT, pair, services, against);
  };
  const tell = () => listeners.forEach((listener) => listener());
  return { state, votes, navigator, tell };
}

const pairOf = (a: string, b: string, row = 0): ClipPair => ({
  A: uri(`${a}/${row}.mp4`),
  B: uri(`${b}/${row}.mp4`),
});

describe('host: the way through a sweep', () => {
  it('leads nowhere while the sweep is closed, and on once it is open again', () => {
    const { state, navigator, votes } = sweep(['base', 'tuned']);
    const way = navigator(pairOf('base', 'tuned'));
    assert.ok(way.isOpen && way.here);
    state.open = false;
    assert.deepEqual(
      [way.isOpen, way.here, way.step('nextPrompt'), way.neighbours()],
      [false, undefined, undefined, []],
    );
    way.voted(pairOf('base', 'tuned'), 'A', null);
    assert.deepEqual(votes, []);
    state.open = true;
    assert.equal(way.step('nextPrompt')?.place.row.index, 1);
  });

  it('tells votes as of the later column, of the pair they were cast on, however that was opened', () => {
    const { navigator, votes } = sweep(['base', 'tuned']);
    const way = navigator(pairOf('tuned', 'base'));
    way.step('nextPrompt');
    assert.deepEqual(
      [way.isTurned(pairOf('tuned', 'base')), way.isTurned(pairOf('base', 'tuned'))],
      [true, false],
    );
    way.voted(pairOf('tuned', 'base', 0), 'A', 'B');
    way.voted(pairOf('base', 'tuned', 1), 'A', 'tie');
    assert.deepEqual(
      votes.map(({ earlier, later, row, overall, judge }) => [earlier, later, row, overall, judge]),
      [
        [0, 1, 0, 1, -1],
        [0, 1, 1, -1, 0],
      ],
    );
  });

  it('tells of another grid and of the sweep’s end, not of mere progress', () => {
    const { state, navigator, tell } = sweep(['base', 'tuned']);
    let told = 0;
    const listening = navigator(pairOf('base', 'tuned')).onChange(() => told++);
    const after = (change: Partial<typeof state>) => {
      Object.assign(state, change);
      tell();
      return told;
    };
    assert.deepEqual([after({ progress: 1 }), after({ progress: 2 })], [0, 0]);
    assert.equal(after({ grid: grid(['base', 'mid', 'tuned']) }), 1);
    assert.equal(after({ progress: 3 }), 1);
    assert.equal(after({ open: false }), 2);
    listening.dispose();
    assert.equal(after({ open: true }), 2);
  });

  it('stands on its pair when the columns change places', () => {
    const { state, navigator } = sweep(['base', 'tuned']);
    const way = navigator(pairOf('base', 'tuned'));
    state.grid = grid(['tuned', 'other', 'base']);
    const { place, clips } = way.here!;
    assert.deepEqual([place.earlier, place.later, clips.A.toString()], [0, 2, uri('tuned/0.mp4').toString()]);
    assert.ok(way.isTurned(pairOf('base', 'tuned')));
  });
});

describe('host: the way through checkpoints', () => {
  const columns = ['base', 's1', 's2', 's3'];
  const on = (way: SweepNavigator, ...steps: SweepStep[]) =>
    steps.map((to) => {
      const { earlier, later } = way.step(to)?.place ?? {};
      return [earlier, later];
    });

  it('stays against the baseline, also past the column behind it', () => {
    const way = sweep(columns).navigator(pairOf('base', 's2'));
    assert.deepEqual(on(way, 'previousCheckpoint', 'nextPrompt', 'nextCheckpoint'), [
      [0, 1],
      [0, 1],
      [0, 2],
    ]);
  });

  it('begins as whoever opened the pair meant it', () => {
    const first = (against?: Reference) =>
      on(sweep(columns).navigator(pairOf('base', 's1'), against), 'nextCheckpoint', 'nextCheckpoint');
    assert.deepEqual(first('baseline'), [
      [0, 2],
      [0, 3],
    ]);
    assert.deepEqual(first('previous'), [
      [1, 2],
      [2, 3],
    ]);
    assert.deepEqual(first(), [
      [1, 2],
      [2, 3],
    ]);
  });
});

interface Kept {
  pair: ClipPair;
  model: PanelModel;
  disposed: boolean;
  hasVoteWaiting: boolean;
}

/** A walk whose comparisons are nothing but a model. */
function walking(columns: readonly string[]) {
  const made: Kept[] = [];
  /** What is being made ready, and how it ends. */
  const preparing: { id: string; done(): void }[] = [];
  const walk = new SweepWalk(
    (pair) => {
      const id = `pair-${made.length}`;
      const kept = {
        id,
        pair,
        model: opened(),
        uris: [`${id}-x`, `${id}-y`],
        disposed: false,
        hasVoteWaiting: false,
        setBlind: () => undefined,
        prepare: () => new Promise<void>((done) => preparing.push({ id, done })),
        foresee: () => Promise.resolve(),
        dispose: () => (kept.disposed = true),
      };
      made.push(kept);
      return kept as unknown as Comparison;
    },
    () => undefined,
  );
  const run = sweep(columns);
  return { ...run, walk, made, preparing };
}

describe('host: the comparisons of a walk', () => {
  const rows = 40;
  const long = () => {
    const run = walking(['base', 'tuned']);
    run.state.grid = grid(['base', 'tuned'], rows);
    const way = run.navigator(pairOf('base', 'tuned'));
    run.walk.follow(way);
    return { ...run, way };
  };

  it('are few, however long it is; one that a vote waits in stays', () => {
    const { walk, made, way } = long();
    const first = walk.take(way.here!.clips);
    made[0]!.hasVoteWaiting = true;
    walk.prepareNext(first);
    for (let pair = way.step('nextPrompt'); pair; pair = way.step('nextPrompt'))
      walk.prepareNext(walk.take(pair.clips));
    assert.equal(made.length, rows);
    assert.ok(walk.kept.length <= 8, `${walk.kept.length} kept`);
    assert.equal(made.filter(({ disposed }) => !disposed).length, walk.kept.length);
    assert.equal(walk.find('pair-0'), first);
    assert.equal(walk.find('pair-3'), undefined);
  });

  it('are made ready one after the other, and no more of them once the reader has gone on', async () => {
    const { walk, way, preparing } = long();
    const turn = async () => {
      preparing.at(-1)!.done();
      await new Promise((resolve) => setImmediate(resolve));
    };
    way.step('nextPrompt');
    const front = walk.take(way.here!.clips);
    walk.prepareNext(front);
    assert.deepEqual(
      preparing.map(({ id }) => walk.find(id)?.pair.A.toString()),
      [uri('base/2.mp4').toString()],
    );
    await turn();
    assert.equal(preparing.length, 2);
    walk.take(way.step('nextPrompt')!.clips);
    await turn();
    assert.equal(preparing.length, 2);
  });

  it('one for a pair, whichever way round, and the sides said as they stand', () => {
    const { walk, way, made } = long();
    const restored = walk.take(pairOf('tuned', 'base'));
    assert.equal(walk.take(way.here!.clips), restored);
    assert.deepEqual(walk.view(restored).sweep?.sides, { A: 'later', B: 'earlier' });
    assert.ok(walk.isReversed(restored));
    made[0]!.model = after(made[0]!.model, { type: 'swap' });
    assert.deepEqual(walk.view(restored).sweep?.sides, { A: 'earlier', B: 'later' });
    assert.equal(walk.view(restored).identity?.a, uri('base/0.mp4').toString());
  });

  it('while sides are hidden, tell the same whichever side shows which', () => {
    const { walk, way, made } = long();
    const front = walk.take(way.here!.clips);
    const seen = [true, false].map((swapped) => {
      made[0]!.model = after(judged(), { type: 'blind', on: true, swapped });
      return walk.view(front);
    });
    assert.deepEqual(seen[0], seen[1]);
    assert.equal(seen[0]!.sweep?.sides, undefined);
    made[0]!.model = after(made[0]!.model, { type: 'voted', vote: vote({ overall: 'A' }) });
    assert.ok(walk.view(front).sweep?.sides);
  });

  it('are remembered with the sweep as long as it is open', () => {
    const { walk, way, state } = long();
    const front = walk.take(way.here!.clips);
    state.grid = { ...state.grid, clips: [] };
    assert.deepEqual(
      [walk.view(front).sweep, walk.view(front).identity?.sweep],
      [undefined, ROOT.toString()],
    );
    state.open = false;
    assert.equal(walk.view(front).identity?.sweep, undefined);
  });
});
