import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CACHE_FOLDER } from '../../../src/protocol/cacheFolders';
import type { SweepProgress, SweepState } from '../../../src/protocol/sweep';
import { createEngine } from '../../../src/engine/client';
import { WORKER } from '../../support/paths';
import { atPoint, countingConfig, logOf, nameOf, Owner, pointOf, POINTS, seeded } from './killSupport';
import { cleanUp, isAlive, tempDir, until } from './support';
import { makeSweep, runOf, type LoggedPair } from './sweepSupport';

const KILLS = 50;
const PROMPTS = 12;
/** Clips in work at once: what a kill can cost. */
const IN_FLIGHT = 3;

interface Undisturbed {
  state: SweepState;
  pairs: Map<string, string>;
  decoded: number;
}

/** One sweep that is disturbed until it is whole. */
interface Round {
  dir: string;
  root: string;
  logDir: string;
  tools: ReturnType<typeof countingConfig>;
  kills: number;
}

const byKey = (pairs: readonly LoggedPair[]) =>
  new Map(pairs.map(({ key, a, b, bytes }) => [key, `${a} ${b} ${bytes}`]));

describe('a sweep that is killed again and again', function () {
  this.timeout(300_000);
  let undisturbed: Undisturbed;

  before(async () => {
    process.env.AESRM_STATE = join(tempDir(), 'state');
    const { root, logDir, tools } = newRound();
    const engine = createEngine(tools.config, { workerPath: WORKER });
    const state = await engine.sweepRun(runOf(root));
    await engine.dispose();
    undisturbed = { state, pairs: byKey(logOf(logDir).pairs), decoded: tools.decoded() };
    assert.deepEqual(state.pairs, { total: 3 * PROMPTS, judged: 3 * PROMPTS });
    assert.equal(undisturbed.pairs.size, 3 * PROMPTS);
    assert.ok(undisturbed.decoded >= 3 * PROMPTS);
  });
  after(async () => {
    delete process.env.AESRM_STATE;
    await cleanUp();
  });

  function newRound(): Round {
    const dir = tempDir();
    const root = makeSweep(dir, { prompts: PROMPTS });
    return { dir, root, logDir: join(dir, 'ws', '.aesrm'), tools: countingConfig(dir), kills: 0 };
  }

  const placesOf = ({ dir, logDir }: Round) => ({ log: logDir, cache: join(dir, 'cache', CACHE_FOLDER) });

  /** After each kill: what was said to be judged is in the log, once; what was in it before is as it was. */
  function checkLog({ logDir }: Round, before: Buffer, steps: readonly SweepProgress[]): void {
    const { bytes, pairs, torn } = logOf(logDir);
    assert.ok(bytes.subarray(0, before.length).equals(before), 'lines that were kept have changed');
    assert.equal(torn, 0, 'a line is cut');
    assert.equal(byKey(pairs).size, pairs.length, 'a pair is in the log twice');
    const said = Math.max(0, ...steps.map((step) => step.pairs.done));
    assert.ok(pairs.length >= said, `${said} pairs were said to be judged, ${pairs.length} are in the log`);
  }

  function checkEnd({ logDir, tools, kills }: Round, state: SweepState): void {
    assert.deepEqual(byKey(logOf(logDir).pairs), undisturbed.pairs);
    for (const part of ['pairs', 'broken', 'waiting', 'marks', 'hashes', 'statistics', 'notes'] as const)
      assert.deepEqual(state[part], undisturbed.state[part], part);
    const { decoded } = undisturbed;
    const most = decoded + (kills * IN_FLIGHT * decoded) / (3 * PROMPTS);
    assert.ok(
      tools.decoded() <= most,
      `${tools.decoded()} clips were decoded after ${kills} kills, not ${decoded}`,
    );
  }

  it(`goes on after ${KILLS} ends of the engine`, async () => {
    const random = seeded(1);
    const hit = new Set<string>();
    let total = 0;
    while (total < KILLS) {
      const round = newRound();
      const engine = createEngine(round.tools.config, { workerPath: WORKER });
      let state: SweepState | undefined;
      while (!state) {
        const steps: SweepProgress[] = [];
        const before = logOf(round.logDir).bytes;
        let killed = false;
        const strike = () => {
          const { pid } = engine;
          if (pid === undefined || !isAlive(pid)) return;
          killed = true;
          process.kill(pid, 'SIGKILL');
        };
        let point = pointOf(total, random);
        const next = () => atPoint((point = pointOf(total, random)), placesOf(round), strike);
        let trap = next();
        const onProgress = (step: SweepProgress) => {
          steps.push(step);
          if (killed) {
            killed = false;
            hit.add(nameOf(point));
            total++;
            round.kills++;
            checkLog(round, before, steps);
            trap.stop();
            trap = next();
          }
          trap.heard(step);
        };
        // The supervisor gives a sweep up that gets nothing done over several engines; then it is begun again.
        state = await engine.sweepRun(runOf(round.root), { onProgress }).catch((error: Error) => {
          assert.match(error.message, /stopped \d times while judging/);
          return undefined;
        });
        trap.stop();
        checkLog(round, before, steps);
      }
      await engine.dispose();
      checkEnd(round, state);
    }
    assert.deepEqual([...hit].sort(), POINTS);
  });

  it(`goes on after ${KILLS} ends of the process that owns the engine`, async () => {
    const random = seeded(2);
    const hit = new Set<string>();
    let total = 0;
    while (total < KILLS) {
      const round = newRound();
      for (let state: SweepState | undefined; !state;) {
        const before = logOf(round.logDir).bytes;
        const withEngine = random() < 0.5;
        let killed = false;
        const strike = () => {
          killed = true;
          owner.kill(withEngine);
        };
        const point = pointOf(total, random);
        const trap = atPoint(point, placesOf(round), strike);
        const owner = new Owner(round.tools.config, runOf(round.root), trap.heard);
        await owner.gone;
        trap.stop();
        assert.equal(owner.failure, undefined);
        const { enginePid } = owner;
        if (killed && enginePid !== undefined && withEngine)
          await until('the engine to be gone', () => !isAlive(enginePid));
        checkLog(round, before, owner.steps);
        state = owner.state;
        if (state) checkEnd(round, state);
        else round.kills++;
        if (!killed) continue;
        hit.add(nameOf(point));
        total++;
      }
    }
    assert.deepEqual([...hit].sort(), POINTS);
  });
});
