import { commands, window, type QuickPickItem } from 'vscode';
import { hostOf } from '../../core/endpoint/address';
import type { EndpointConfig } from '../../core/endpoint/config';
import { toProblem } from '../../core/problem';
import { showInformation, showInputBox, showWarning } from '../notices';
import type { EndpointAccessKeeper } from './access';
import { endpointTexts as texts } from './texts';

interface OriginItem extends QuickPickItem {
  origin: string;
}

const KEY_FORM = /^[\x21-\x7e]+$/;

/** The commands around keys and consent; judging itself asks for consent by itself. */
export class EndpointCommands {
  constructor(
    private readonly keeper: EndpointAccessKeeper,
    private readonly endpoints: () => EndpointConfig[],
  ) {}

  async setKey(): Promise<void> {
    const origins = this.origins(() => true);
    if (!origins) return;
    if (origins.length === 0) return offerSettings(texts.noEndpoint());
    const origin = await this.pickOrigin(origins);
    if (origin === undefined) return;
    const isAnother = (await this.keeper.hasKey(origin)) ? await wantsAnother() : true;
    if (isAnother === undefined) return;
    if (!isAnother) return this.removeKey(origin);
    const key = await showInputBox({
      title: texts.keyTitle(),
      prompt: texts.keyPrompt(origin),
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) => (KEY_FORM.test(value.trim()) ? undefined : texts.badKey()),
    });
    if (key === undefined) return;
    await this.keeper.setKey(origin, key.trim());
    void showInformation(texts.keySet(origin));
  }

  private async removeKey(origin: string): Promise<void> {
    await this.keeper.setKey(origin, undefined);
    void showInformation(texts.keyRemoved(origin));
  }

  async allowedHosts(): Promise<void> {
    const named = this.origins(({ address }) => !address.isLoopback);
    if (!named) return;
    const allowed = this.keeper.allowed;
    // What was allowed once and is named no more can be taken back too.
    const origins = [...new Set([...named, ...allowed])];
    if (origins.length === 0) return offerSettings(texts.noOtherHost());
    const items = origins.map((origin) => ({ ...itemOf(origin), picked: allowed.includes(origin) }));
    const picked = await window.showQuickPick(items, {
      title: texts.hostsTitle(),
      placeHolder: texts.hostsPlaceholder(),
      canPickMany: true,
    });
    if (!picked) return;
    const wanted = picked.map(({ origin }) => origin);
    for (const origin of allowed) if (!wanted.includes(origin)) await this.keeper.revoke(origin);
    for (const origin of wanted) await this.keeper.consent(origin, true);
  }

  private async pickOrigin(origins: string[]): Promise<string | undefined> {
    const items = origins.map(async (origin) => {
      const isSet = await this.keeper.hasKey(origin);
      return { ...itemOf(origin), detail: isSet ? texts.hasKey() : texts.hasNoKey() };
    });
    const how = { title: texts.keyTitle(), placeHolder: texts.whichHost() };
    return (await window.showQuickPick(Promise.all(items), how))?.origin;
  }

  /** Undefined where the setting cannot be read, which is said. */
  private origins(which: (endpoint: EndpointConfig) => boolean): string[] | undefined {
    try {
      return [
        ...new Set(
          this.endpoints()
            .filter(which)
            .map(({ address }) => address.origin),
        ),
      ];
    } catch (error) {
      void offerSettings(toProblem(error).message);
      return undefined;
    }
  }
}

function itemOf(origin: string): OriginItem {
  const isPlain = origin.startsWith('http:');
  return { label: hostOf(origin), origin, ...(isPlain && { description: texts.unencrypted() }) };
}

/** Of a host that has a key: another one, or none. Dismissed, nothing changes. */
async function wantsAnother(): Promise<boolean | undefined> {
  const items = [
    { label: texts.replace(), isAnother: true },
    { label: texts.remove(), isAnother: false },
  ];
  return (await window.showQuickPick(items, { title: texts.keyTitle() }))?.isAnother;
}

async function offerSettings(message: string): Promise<void> {
  const open = texts.openSettings();
  if ((await showWarning(message, open)) === open)
    await commands.executeCommand('workbench.action.openSettings', 'aesrm.endpoints');
}
