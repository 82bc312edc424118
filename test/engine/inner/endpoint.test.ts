import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { DIALECTS, type Dialect } from '../../../src/core/endpoint/config';
import { encodePng } from '../../../src/engine/worker/endpoint/png';
import type { BodyPart } from '../../support/chatDialects';
import { answerTo, type ChatServer } from '../../support/chatServer';
import { FFMPEG } from '../../support/ffmpeg';
import { carrierTo, endAll, endpointOf, frame, KEY, question, serve } from './endpointSupport';

const SCHEMA = {
  type: 'object',
  properties: { winner: { type: 'string' } },
  required: ['winner'],
  additionalProperties: false,
};

const parts = (server: ChatServer) => server.chats.at(-1)!.body.messages[1]!.content as BodyPart[];
const bytesOf = (part: BodyPart) => Buffer.from(part.image_url!.url.split(',')[1]!, 'base64');

function decoded(file: Buffer, codec: string): Buffer {
  const args = ['-v', 'error', '-f', 'image2pipe', '-c:v', codec, '-i', 'pipe:0', '-f', 'rawvideo'];
  const { stdout, stderr } = spawnSync(FFMPEG, [...args, '-pix_fmt', 'rgb24', 'pipe:1'], { input: file });
  assert.equal(stderr.toString(), '');
  return stdout;
}

describe('an endpoint', () => {
  afterEach(endAll);

  /** `api.openai.com` and `openrouter.ai` are known by their host: here they are named. */
  const named = (dialect: Dialect) => (dialect === 'openai' || dialect === 'openrouter' ? { dialect } : {});

  for (const dialect of DIALECTS)
    it(`of the dialect ${dialect} is asked in its own way and answers`, async () => {
      const server = await serve({ dialect });
      const carrier = await carrierTo([endpointOf(server, named(dialect))]);
      const request = question('Which one?', { schema: SCHEMA, topLogprobs: 5 });
      let streamed = '';
      const answer = await carrier.ask(request, { frame, onText: (delta) => (streamed += delta) });
      const [{ body, headers }] = server.chats as [ChatServer['seen'][number]];
      assert.equal(server.chats.length, 1, 'nothing was refused');
      assert.equal(answer.text, answerTo(body));
      assert.equal(streamed, answer.text);
      assert.equal(answer.finish, 'stop');
      assert.equal(answer.device, server.model);
      assert.deepEqual(answer.tokens, { prompt: 1002, completion: Math.ceil([...answer.text].length / 5) });
      assert.equal(headers.authorization, `Bearer ${KEY}`);
      assert.equal(body.messages[0]!.content, 'You judge clips.');
      assert.deepEqual(
        parts(server).map(({ type }) => type),
        ['text', 'image_url', 'text', 'image_url', 'image_url'],
      );
      assert.deepEqual([body.temperature, body.seed, body.stream], [0, 7, true]);
      const limit = dialect === 'openai' ? body.max_completion_tokens : body.max_tokens;
      assert.equal(limit, 500);
      assert.deepEqual(body.response_format?.json_schema, { name: 'answer', strict: true, schema: SCHEMA });
      const gives = !['lmstudio', 'openrouter'].includes(dialect);
      assert.deepEqual(carrier.abilities, { schema: true, logprobs: gives });
      assert.equal(body.logprobs, gives || undefined);
      assert.deepEqual(body.provider, dialect === 'openrouter' ? { require_parameters: true } : undefined);
      const own = { text: [...answer.text].slice(0, 5).join(''), logprob: -2 };
      const top = [{ text: 'B', logprob: -0.5 }, { text: 'A', logprob: -1 }, own];
      assert.deepEqual(answer.logprobs?.[0], gives ? { ...own, top } : undefined);
    });

  it('is shown the very pictures, as PNG or nearly so as JPEG', async () => {
    const server = await serve();
    for (const [picture, codec, most] of [
      ['png', 'png', 0],
      ['jpeg', 'mjpeg', 40],
    ] as const) {
      const carrier = await carrierTo([endpointOf(server, { picture })]);
      await carrier.ask(question('?'), { frame });
      const shown = parts(server).filter(({ type }) => type === 'image_url');
      for (const [i, part] of (
        [
          { side: 'A', time: 0 },
          { side: 'A', time: 1 },
          { side: 'B', time: 0 },
        ] as const
      ).entries()) {
        const { rgb } = frame({ type: 'frame', ...part });
        const back = decoded(bytesOf(shown[i]!), codec);
        assert.equal(back.length, rgb.length);
        const error = rgb.reduce((sum, v, n) => sum + Math.abs(v - back[n]!), 0) / rgb.length;
        assert.ok(error <= most, `${picture}: ${error} levels`);
      }
    }
  });

  it('takes the frames of each clip as one video where its server can', async () => {
    const server = await serve({ dialect: 'vllm' });
    const carrier = await carrierTo([endpointOf(server, { frames: 'video' })]);
    await carrier.ask(question('Which one?'), { frame });
    const shown = parts(server);
    assert.deepEqual(
      shown.map(({ type }) => type),
      ['text', 'video_url', 'text', 'video_url'],
    );
    const counts = shown.flatMap(({ video_url: video }) => (video ? [video.url.split(',').length - 1] : []));
    assert.deepEqual(counts, [2, 1]);
    const other = await serve({ dialect: 'sglang' });
    await (await carrierTo([endpointOf(other, { frames: 'video' })])).ask(question('?'), { frame });
    assert.ok(parts(other).every(({ type }) => type !== 'video_url'));
  });

  it('says that an answer was cut at its limit', async () => {
    const server = await serve();
    const carrier = await carrierTo([endpointOf(server)]);
    const answer = await carrier.ask(question('Which one?', { maxTokens: 1 }), { frame });
    assert.deepEqual([answer.finish, answer.text, answer.tokens?.completion], ['length', 'You j', 1]);
  });

  it('that does not stream is understood', async () => {
    const whole = {
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Clip\n1' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 2 },
    };
    const text = JSON.stringify(whole, null, 2);
    const server = await serve({ fault: () => ({ kind: 'raw', type: 'application/json', text }) });
    const answer = await (await carrierTo([endpointOf(server)])).ask(question('?'), { frame });
    assert.deepEqual(answer, {
      text: 'Clip\n1',
      finish: 'stop',
      tokens: { prompt: 3, completion: 2 },
      device: 'm',
    });
  });

  it('is asked once for each frame, however often the request is made', async () => {
    const server = await serve({ fault: (n) => (n < 2 ? { kind: 'cut' } : undefined) });
    const asked: string[] = [];
    await (
      await carrierTo([endpointOf(server)])
    ).ask(question('?'), {
      frame: (part) => (asked.push(`${part.side}${part.time}`), frame(part)),
    });
    assert.deepEqual(asked, ['A0', 'A1', 'B0']);
  });

  it('that does not take a part of the request is asked without it, from then on', async () => {
    const said = { error: { message: 'Unknown field: response_format.json_schema', code: 400 } };
    const server = await serve({
      fault: (_, body) =>
        body.response_format ? { kind: 'status', status: 400, body: JSON.stringify(said) } : undefined,
    });
    const carrier = await carrierTo([endpointOf(server)]);
    for (let i = 0; i < 2; i++) await carrier.ask(question('?', { schema: SCHEMA }), { frame });
    assert.equal(server.chats.length, 3);
    assert.equal(carrier.abilities.schema, false);
  });

  it('whose provider wants room for more than a token gives it, from then on', async () => {
    const message =
      "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead.";
    const server = await serve({
      fault: (_, { max_tokens: most = 0 }) =>
        most < 16 ? { kind: 'status', status: 400, body: JSON.stringify({ error: { message } }) } : undefined,
    });
    const carrier = await carrierTo([endpointOf(server)]);
    for (let i = 0; i < 2; i++) await carrier.ask(question('?', { maxTokens: 1 }), { frame });
    assert.deepEqual(
      server.chats.map(({ body }) => body.max_tokens),
      [1, 16, 16],
    );
  });

  it('that refuses it all the same is asked as before, the next time', async () => {
    const said = { error: { message: 'The schema of the chat is too long.', code: 400 } };
    const server = await serve({
      fault: (n) => (n < 2 ? { kind: 'status', status: 400, body: JSON.stringify(said) } : undefined),
    });
    const carrier = await carrierTo([endpointOf(server)]);
    await assert.rejects(carrier.ask(question('?', { schema: SCHEMA }), { frame }), /does not take/);
    await carrier.ask(question('?', { schema: SCHEMA }), { frame });
    assert.deepEqual(
      server.chats.map(({ body }) => 'response_format' in body),
      [true, false, true],
    );
  });

  it('keeps its connections for the next request', async () => {
    const server = await serve();
    const carrier = await carrierTo([endpointOf(server)]);
    for (let i = 0; i < 5; i++) await carrier.ask(question(`${i}`), { frame });
    assert.equal(server.connections, 1);
  });

  it('gets requests by weight beside others', async () => {
    const slow = () => ({ kind: 'slow', ms: 2 }) as const;
    const [a, b] = [await serve({ fault: slow }), await serve({ fault: slow })];
    const carrier = await carrierTo([
      endpointOf(a, { name: 'a', weight: 3, concurrency: 6 }),
      endpointOf(b, { name: 'b', weight: 1, concurrency: 6 }),
    ]);
    assert.equal(carrier.width, 12);
    // Fewer at a time than both take, so that the weight decides.
    for (let i = 0; i < 10; i++)
      await Promise.all(Array.from({ length: 4 }, (_, n) => carrier.ask(question(`${i} ${n}`), { frame })));
    assert.equal(a.chats.length, 30);
    assert.equal(b.chats.length, 10);
  });
});

describe('a PNG', () => {
  for (const [width, height] of [
    [1, 1],
    [37, 91],
    [256, 144],
  ] as const)
    it(`of ${width}x${height}: another decoder gives every pixel back`, async () => {
      const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * i * 31) >> 3);
      assert.ok(decoded(await encodePng(rgb, width, height), 'png').equals(Buffer.from(rgb)));
    });
});
