import { commands, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import { CHAIN_MODES, type ChainMode } from '../../core/chain/options';
import { byModel, endpointSetting, type EndpointConfig } from '../../core/endpoint/config';
import type { LocalModelRecord } from '../../core/local/record';
import type { Agreement } from '../../core/modelManifest';
import { toProblem } from '../../core/problem';
import type { EngineHost } from '../engineHost';
import { agreementText, describeModel } from '../models/words';
import type { Chosen, JudgeKeeper } from './keeper';
import { judgeTexts as texts } from './texts';

/** Before it is said how it is asked. */
type Candidate =
  { kind: 'compact' } | { kind: 'local'; key: string; name: string } | { kind: 'endpoint'; name: string };

type Item = QuickPickItem & { candidate?: Candidate; act?: () => Thenable<unknown> };

/** `AesRM: Select Judge`: the compact judge, local models, servers; for this workspace. */
export class SelectJudge {
  constructor(
    private readonly keeper: JudgeKeeper,
    private readonly engine: EngineHost,
    private readonly modelsDir: string,
    private readonly endpoints: () => EndpointConfig[],
  ) {}

  async run(): Promise<void> {
    const how = { title: texts.title(), placeHolder: texts.placeHolder(), matchOnDescription: true };
    const picked = await window.showQuickPick<Item>(this.items(), how);
    if (picked?.act) return void (await picked.act());
    if (!picked?.candidate) return;
    const chosen = await this.withMode(picked.candidate);
    if (chosen) await this.keeper.choose(chosen);
  }

  private async items(): Promise<Item[]> {
    return [this.compactItem(), ...(await this.localItems()), ...(await this.endpointItems())];
  }

  private compactItem(): Item {
    const candidate: Candidate = { kind: 'compact' };
    return {
      label: texts.compact(),
      description: this.marked(texts.compactSays(), candidate),
      detail: texts.compactDetail(),
      candidate,
    };
  }

  private async localItems(): Promise<Item[]> {
    const manage: Item = {
      label: texts.manageModels(),
      act: () => commands.executeCommand('aesrm.manageModels'),
    };
    try {
      const { models } = await this.engine.get().models('models', { dir: this.modelsDir });
      return [separator(texts.localGroup()), ...models.map((model) => this.localItem(model)), manage];
    } catch (error) {
      const why = texts.noModels(toProblem(error).message);
      return [separator(texts.localGroup()), { ...manage, detail: why }];
    }
  }

  private localItem(model: LocalModelRecord): Item {
    const candidate: Candidate = { kind: 'local', key: model.key, name: model.name };
    return {
      label: model.name,
      description: this.marked(describeModel(model), candidate),
      detail: agreementText(model.agreement),
      candidate,
    };
  }

  private async endpointItems(): Promise<Item[]> {
    const name: Item = {
      label: texts.nameEndpoint(),
      act: () => commands.executeCommand('workbench.action.openSettings', 'aesrm.endpoints'),
    };
    try {
      const all = this.endpoints();
      const measured = await this.measured(all);
      const served = [...byModel(all)].map(([model, endpoints]): Item => {
        const candidate: Candidate = { kind: 'endpoint', name: model };
        return {
          label: model,
          description: this.marked(texts.served(endpoints), candidate),
          detail: [texts.servedDetail(endpoints), ...measured(model)].join(' · '),
          candidate,
        };
      });
      return [separator(texts.endpointGroup()), ...served, name];
    } catch (error) {
      return [separator(texts.endpointGroup()), { ...name, detail: toProblem(error).message }];
    }
  }

  /** Nothing is said of it where it cannot be known. */
  private async measured(endpoints: readonly EndpointConfig[]): Promise<(model: string) => string[]> {
    if (endpoints.length === 0) return () => [];
    try {
      const asked = { endpoints: endpoints.map(endpointSetting) };
      const found = await this.engine.get().models('servedAgreement', asked);
      const known = new Map<string, Agreement[]>(found.map(({ model, agreement }) => [model, agreement]));
      return (model) => [agreementText(known.get(model) ?? [])];
    } catch {
      return () => [];
    }
  }

  private marked(description: string, candidate: Candidate): string {
    return isSame(this.keeper.chosen, candidate) ? `${description} · ${texts.current()}` : description;
  }

  private async withMode(candidate: Candidate): Promise<Chosen | undefined> {
    if (candidate.kind === 'compact') return candidate;
    const { chosen } = this.keeper;
    const now = chosen.kind !== 'compact' && isSame(chosen, candidate) ? chosen.mode : undefined;
    const items = CHAIN_MODES.map((mode): QuickPickItem & { mode: ChainMode } => ({
      ...texts.mode(mode),
      ...(mode === now ? { description: texts.current() } : {}),
      mode,
    }));
    const picked = await window.showQuickPick(items, { title: texts.how(candidate.name) });
    return picked && { ...candidate, mode: picked.mode };
  }
}

const separator = (label: string): Item => ({ label, kind: QuickPickItemKind.Separator });

function isSame(chosen: Chosen, candidate: Candidate): boolean {
  if (chosen.kind !== candidate.kind) return false;
  if (chosen.kind === 'local' && candidate.kind === 'local') return chosen.key === candidate.key;
  return chosen.kind === 'compact' || (candidate.kind === 'endpoint' && chosen.name === candidate.name);
}
