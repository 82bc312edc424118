import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchReport } from '../../../src/core/bench/report';
import { decodeEndpoints, endpointSetting } from '../../../src/core/endpoint/config';
import { decodeVerdict } from '../../../src/core/verdictDecode';
import { ChatServer, type ServerOptions } from '../../support/chatServer';
import { servedJudge } from '../../support/chatJudge';
import { h264, ruined } from '../../support/clips';
import { CLI, ROOT } from '../../support/paths';
import { engineIn, ownFolder } from './support';
import { makeSweep, tiny } from './sweepSupport';

const TINY = join(ROOT, 'test', 'fixtures', 'tiny-qwen2-vl');

describe('aesrm with a vision-language judge', function () {
  this.timeout(120_000);
  let dir: string;
  let server: ChatServer | undefined;
  ownFolder((own) => ({ dir } = own));
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  /** The program beside a server of this process: it must not hold it up. */
  function aesrm(args: readonly string[], env: Record<string, string> = {}) {
    const cache = { AESRM_CACHE: join(dir, 'cache') };
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: dir,
      env: { ...process.env, ...cache, ...env },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (err += data));
    return new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, out, err })),
    );
  }

  async function served(options: ServerOptions = {}, setting: object = {}): Promise<string[]> {
    server = await ChatServer.start({ answer: servedJudge(), ...options });
    const file = join(dir, 'endpoints.json');
    writeFileSync(file, JSON.stringify([{ name: 'here', url: server.url, model: server.model, ...setting }]));
    return ['--judge', server.model, '--endpoints', file];
  }

  it('compares by a server, with the key that the environment has, and says whose verdict it is', async () => {
    const judge = await served();
    const { code, out, err } = await aesrm(['compare', h264(), ruined(), '--json', ...judge], {
      AESRM_ENDPOINT_KEY: 'sk-42',
    });
    assert.equal(code, 0, err);
    const verdict = decodeVerdict(JSON.parse(out));
    assert.deepEqual([verdict.overall.winner, verdict.judge.kind], ['A', 'endpoint']);
    assert.equal(server!.chats[0]!.headers.authorization, 'Bearer sk-42');
    assert.ok(!(out + err).includes('sk-42'));
  });

  it('judges many pairs for their verdicts alone, as many at once as the server takes', async () => {
    const judge = await served({ fault: () => ({ kind: 'slow', ms: 1000 }) }, { concurrency: 8 });
    const rows = [0, 1, 2, 3, 4, 5].map((prompt) => ({ id: prompt, a: tiny(1, prompt), b: tiny(3, prompt) }));
    const pairs = join(dir, 'pairs.jsonl');
    writeFileSync(pairs, rows.map((row) => JSON.stringify(row)).join('\n'));
    const { code, out, err } = await aesrm([
      'judge',
      pairs,
      '--json',
      '--verdict-only',
      '--log',
      'none',
      ...judge,
    ]);
    assert.equal(code, 0, err);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; verdict: unknown });
    assert.deepEqual(lines.map(({ id }) => id).sort(), [0, 1, 2, 3, 4, 5]);
    for (const { verdict } of lines) assert.equal(decodeVerdict(verdict).options.mode, 'base');
    assert.equal(server!.chats.length, 12);
    assert.ok(server!.mostActive > 4, `only ${server!.mostActive} at once`);
  });

  it('judges for the overall verdict alone, one token in each order, and not for two things at once', async () => {
    const judge = await served();
    const asked = ['compare', tiny(1, 0), tiny(3, 0), '--json', '--log', 'none', '--overall-only', ...judge];
    const { code, out, err } = await aesrm(asked);
    assert.equal(code, 0, err);
    const { judge: info, overall, dimensions } = decodeVerdict(JSON.parse(out));
    assert.deepEqual([info.name, overall.winner], [`${server!.model}, overall verdict only`, 'A']);
    assert.equal(dimensions.VA.unjudged, true);
    assert.deepEqual(
      server!.chats.map(({ body }) => body.max_tokens),
      [1, 1],
    );
    const both = await aesrm([...asked, '--verdict-only']);
    assert.equal(both.code, 2);
    assert.match(both.err, /--verdict-only does not go with --overall-only/);
  });

  it('tells what a sweep will ask before it asks, and sweeps', async () => {
    const judge = await served({}, { price: { prompt: 1, completion: 10 } });
    const root = makeSweep(dir, { steps: 2, prompts: 2 });
    const scan = await aesrm(['sweep', root, '--scan', ...judge]);
    assert.match(
      scan.out,
      /asked 4 questions with 64 frames: about \d+ tokens in and \d+ out, about 0\.\d\d at the prices/,
    );
    assert.equal(server!.chats.length, 0);
    const { code, err } = await aesrm(['sweep', root, '--json', ...judge]);
    assert.equal(code, 0, err);
    assert.match(err, /asked 4 questions/);
    assert.equal(server!.chats.length, 4);
  });

  it('is measured on labels', async () => {
    const judge = await served();
    const pairs = join(dir, 'pairs.csv');
    const row = `${tiny(1, 0).slice(1)},${tiny(3, 0).slice(1)},A,overall,human_pairwise,lab,p`;
    writeFileSync(pairs, `a,b,preferred,aspect,label_kind,source,group\n${row}`);
    const { code, out, err } = await aesrm(['bench', pairs, '--root', '/', '--json', ...judge]);
    assert.equal(code, 0, err);
    assert.match(err, /asked 2 questions with 32 frames/);
    const report = JSON.parse(out) as BenchReport;
    assert.deepEqual([report.judge.name, report.counts.used], [server!.model, 1]);
  });

  it('is measured for the overall verdict alone without the labels of dimensions, from kept answers too', async () => {
    const judge = await served();
    const pairs = join(dir, 'pairs.csv');
    const row = (aspect: string) =>
      `${tiny(1, 0).slice(1)},${tiny(3, 0).slice(1)},A,${aspect},human_pairwise,lab,p`;
    writeFileSync(
      pairs,
      ['a,b,preferred,aspect,label_kind,source,group', row('overall'), row('VA')].join('\n'),
    );
    for (const run of ['asked', 'kept']) {
      const args = ['bench', pairs, '--root', '/', '--json', '--overall-only', ...judge];
      const { code, out, err } = await aesrm(args);
      assert.equal(code, 0, err);
      const { counts } = JSON.parse(out) as BenchReport;
      assert.deepEqual([counts.used, counts.notJudged], [1, 1], run);
    }
    assert.equal(server!.chats.length, 2);
  });

  it('leaves what was measured with the model, of people alone and where it is enough', async () => {
    const judge = await served();
    const pairs = join(dir, 'pairs.csv');
    const labels = (kind: string, aspect: string, count: number) =>
      Array.from(
        { length: count },
        (_, i) => `${tiny(1, 0).slice(1)},${tiny(3, 0).slice(1)},A,${aspect},${kind},lab,p${i}`,
      );
    const rows = [
      ...labels('human_pairwise', 'overall', 30),
      ...labels('human_pairwise', 'VA', 29),
      ...labels('method_claim', 'VF', 30),
    ];
    writeFileSync(pairs, ['a,b,preferred,aspect,label_kind,source,group', ...rows].join('\n'));
    const { code, out, err } = await aesrm(['bench', pairs, '--root', '/', '--json', ...judge]);
    assert.equal(code, 0, err);
    const { at } = JSON.parse(out) as BenchReport;
    const endpoints = decodeEndpoints([{ name: 'here', url: server!.url, model: server!.model }]);
    const found = await engineIn(dir).models('servedAgreement', {
      endpoints: endpoints.map(endpointSetting),
    });
    assert.deepEqual(
      found.map(({ model, agreement }) => [model, agreement.map(({ ci: _, ...one }) => one)]),
      [
        [
          server!.model,
          [
            {
              ...{ set: 'lab', labelKind: 'human_pairwise', aspect: 'overall', pairs: 30, accuracy: 1 },
              measured: { file: 'pairs.csv', at, mode: 'chain' },
            },
          ],
        ],
      ],
    );
    assert.ok(found[0]!.agreement[0]!.ci![0] > 0.5);
  });

  it('takes a local model: the real one is loaded and asked, and what it says is told where it is no verdict', async () => {
    const { code, out, err } = await aesrm(
      [
        'compare',
        h264(),
        ruined(),
        '--json',
        '--judge',
        `local:${TINY}`,
        '--verdict-only',
        '--frames',
        '2',
        '--device',
        'cpu',
      ],
      {},
    );
    assert.equal(code, 1);
    assert.match(err, /The judge "tiny-qwen2-vl, verdict only" gave no verdict that can be read/);
    assert.match(JSON.stringify(JSON.parse(out)), /answerUnread/);
  });

  it('refuses, before anything is sent, what it was not allowed or does not know', async () => {
    const judge = await served();
    const far = join(dir, 'far.json');
    writeFileSync(far, JSON.stringify([{ name: 'far', url: 'https://gpu.example/v1', model: 'm' }]));
    const clips = ['compare', h264(), ruined()];
    const asked: [string[], RegExp][] = [
      [
        [...clips, '--judge', 'm', '--endpoints', far],
        /would be sent to gpu\.example; say --allow-host gpu\.example/,
      ],
      [
        [...clips, '--judge', 'x', '--endpoints', far],
        /there is no judge "x"; there are: compact, m, local:FOLDER/,
      ],
      [[...clips, '--judge', 'x'], /with --endpoints FILE the models in it/],
      [[...clips, '--samples', '2'], /--samples and --frames go with another --judge/],
      [[...clips, ...judge, '--samples', '0'], /--samples is a whole number from 1 to 32/],
      [['encode', h264(), ...judge], /does not go with encode/],
    ];
    for (const [args, why] of asked) {
      const { code, err } = await aesrm(args);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, why);
    }
    assert.equal(server!.seen.length, 0);
    writeFileSync(far, '[{"name": "far", "key": "sk-1"}]');
    const bad = await aesrm([...clips, '--judge', 'm', '--endpoints', far]);
    assert.equal(bad.code, 1);
    assert.match(bad.err, /keys are not kept in settings/);
  });
});
