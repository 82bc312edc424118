import type { ChatAnswer, ChatRequest } from '../../../core/chain/chat';
import { shotsOf, thin, toShots, type LocalMessage, type Shot } from '../../../core/local/conversation';
import { rung } from '../../../core/local/memory';
import { outOfMemory } from '../../../core/local/words';
import { cancelled, problem, ProblemError } from '../../../core/problem';
import type { Carrier, CarrierAbilities, CarrierCall, CarrierFrame } from '../../carrier';
import type { Ffmpeg } from '../../ports';
import { firstLine } from '../runtime';
import { isMemory, openModel, type OpenModel, type OpenSettings } from './opened';
import { scaleFrames } from './scale';
import type { Picture } from './families/family';
import { toNumbers, type Tensor, type VisionInputs } from './library';
import { promptOf } from './prompt';
import { Chooser, Stream } from './writing';

export interface LocalOptions extends Omit<OpenSettings, 'smallerFiles' | 'signal'> {
  ffmpeg: () => Promise<Ffmpeg>;
  /** Engines that died of memory over this model before this one. */
  lean?: number | undefined;
  /** Hears the model's name before it takes memory, and null when the answer is there. */
  weighs?: ((name: string | null) => void) | undefined;
}

/** Opens a carrier over a local vision-language model. Nothing is loaded before the first question. */
export function openLocalCarrier(options: LocalOptions): Carrier {
  return new LocalCarrier(options);
}

class LocalCarrier implements Carrier {
  readonly abilities: CarrierAbilities = { schema: false, logprobs: true };
  readonly width = 1;
  private lean: number;
  private openIs: { model: Promise<OpenModel>; smallerFiles: boolean } | undefined;
  /** The last question; the next one waits for its end. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: LocalOptions) {
    this.lean = options.lean ?? 0;
  }

  ask(request: ChatRequest, call: CarrierCall): Promise<ChatAnswer> {
    const answer = this.last.then(() => this.answer(request, call));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  async dispose(): Promise<void> {
    await this.last;
    await this.close();
  }

  private async answer(request: ChatRequest, call: CarrierCall): Promise<ChatAnswer> {
    const { record, weighs } = this.options;
    weighs?.(record.name);
    try {
      for (;;) {
        if (call.signal?.aborted) throw cancelled();
        const step = rung(this.lean);
        if (!step) throw outOfMemory(record.name);
        try {
          return await this.attempt(request, call, step);
        } catch (error) {
          if (call.signal?.aborted) throw cancelled();
          if (!isMemory(error) || ProblemError.is(error)) throw this.failure(error);
          this.options.log?.(
            'warn',
            `There was not enough memory for the local model "${record.name}"; less is tried.`,
          );
          this.lean++;
          call.onRestart?.('memory');
          await this.close();
        }
      }
    } finally {
      weighs?.(null);
    }
  }

  private async attempt(
    request: ChatRequest,
    call: CarrierCall,
    { everySecondFrame, smallerFiles }: { everySecondFrame: boolean; smallerFiles: boolean },
  ): Promise<ChatAnswer> {
    const { messages, left } = everySecondFrame
      ? thin(request.messages)
      : { messages: request.messages, left: 0 };
    if (!messages.some(({ content }) => content.some(({ type }) => type === 'frame')))
      throw problem('internal', 'A local model was asked without a frame; it answers only about frames.');
    const open = await this.open(smallerFiles, call.signal);
    const inputs = await this.inputs(open, toShots(messages, open.sight.plain), call);
    const answer = await generate(open, inputs, request, call);
    return left === 0
      ? answer
      : { ...answer, reduced: `For want of memory ${left} frames were not shown to the model.` };
  }

  private async inputs(open: OpenModel, messages: LocalMessage[], call: CarrierCall) {
    const pictures: Picture[] = [];
    for (const shot of shotsOf(messages)) pictures.push(await this.picture(open, shot, call));
    const prompt = promptOf(open, messages, pictures, this.options.record.name);
    const seen = open.sight.join(
      open.library,
      pictures.map(({ inputs }) => inputs),
    );
    return { ...open.tokenizer(prompt, { add_special_tokens: false }), ...seen };
  }

  /** One shot as the model's own processor prepares it. */
  private async picture({ library, images, sight }: OpenModel, shot: Shot, call: CarrierCall) {
    const shown = shot.frames.map((frame) => call.frame(frame));
    const [first] = shown as [CarrierFrame];
    if (shown.some(({ width, height }) => width !== first.width || height !== first.height))
      throw problem('internal', 'Frames of one clip came in several sizes.');
    const size = sight.fit(first.width, first.height);
    const fits = size.width === first.width && size.height === first.height;
    const scaled = fits ? shown : await scaleFrames(await this.options.ffmpeg(), shown, size, call.signal);
    return sight.look(library, images, shot, scaled);
  }

  private async open(smallerFiles: boolean, signal: AbortSignal | undefined): Promise<OpenModel> {
    if (this.openIs && this.openIs.smallerFiles !== smallerFiles) await this.close();
    const opening = (this.openIs ??= {
      model: openModel({ ...this.options, smallerFiles, signal }),
      smallerFiles,
    });
    try {
      return await opening.model;
    } catch (error) {
      this.openIs = undefined;
      throw error;
    }
  }

  private async close(): Promise<void> {
    const open = await this.openIs?.model.catch(() => undefined);
    this.openIs = undefined;
    await open?.model.dispose();
  }

  private failure(error: unknown): ProblemError {
    if (error instanceof ProblemError) return error;
    return problem(
      'runtime',
      `The local model "${this.options.record.name}" failed: ${firstLine(error)}.`,
      'Set "aesrm.device" to "cpu", or choose other files of the model (AesRM: Manage Models…).',
    );
  }
}

async function generate(
  open: OpenModel,
  inputs: VisionInputs & { input_ids: Tensor },
  request: ChatRequest,
  { signal, onText }: CarrierCall,
): Promise<ChatAnswer> {
  const { library, model, tokenizer } = open;
  const interruption = new library.InterruptableStoppingCriteria();
  const onAbort = () => interruption.interrupt();
  const chooser = new Chooser(tokenizer, {
    temperature: request.temperature,
    seed: request.seed,
    top: request.topLogprobs,
  });
  const steps = new library.LogitsProcessorList();
  steps.push(chooser.step);
  signal?.addEventListener('abort', onAbort, { once: true });
  open.stopWhen(signal);
  try {
    const sequence = await model.generate({
      ...inputs,
      // Drawing at a temperature is the chooser's.
      do_sample: false,
      repetition_penalty: 1,
      max_new_tokens: request.maxTokens,
      logits_processor: steps,
      stopping_criteria: interruption,
      ...(onText ? { streamer: new Stream(tokenizer, onText) } : {}),
    });
    if (signal?.aborted) throw cancelled();
    const prompt = inputs.input_ids.dims[1]!;
    const ids = toNumbers(sequence).slice(prompt);
    return {
      text: tokenizer.decode(ids, { skip_special_tokens: true }),
      finish: ends(model).has(ids.at(-1) ?? -1) ? 'stop' : 'length',
      tokens: { prompt, completion: ids.length },
      ...(request.topLogprobs === undefined ? {} : { logprobs: chooser.tokens }),
      device: open.device,
    };
  } finally {
    signal?.removeEventListener('abort', onAbort);
    open.stopWhen(undefined);
  }
}

/** Ids of the tokens that end an answer. */
function ends({ config, generation_config: own }: OpenModel['model']): Set<number> {
  const ids = [config.eos_token_id, own?.eos_token_id].flat();
  return new Set(ids.filter((id) => typeof id === 'number'));
}
