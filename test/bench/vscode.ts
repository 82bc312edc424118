/** As much of the `vscode` module as the sweep's host code needs outside of a workbench. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../support/paths';

export class EventEmitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event = (listener: (value: T) => void) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

export class Uri {
  readonly scheme = 'file';

  private constructor(readonly fsPath: string) {}

  static file(path: string): Uri {
    return new Uri(path);
  }

  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri(join(base.fsPath, ...parts));
  }

  toString(): string {
    return pathToFileURL(this.fsPath).href;
  }
}

export class TreeItem {
  constructor(
    readonly label: string,
    readonly collapsibleState?: number,
  ) {}
}
export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}
export class ThemeColor {
  constructor(readonly id: string) {}
}
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };

interface Manifest {
  contributes: { configuration: { properties: Record<string, { default?: unknown }> }[] };
}
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const defaultOf = (key: string) =>
  manifest.contributes.configuration.find(({ properties }) => `aesrm.${key}` in properties)?.properties[
    `aesrm.${key}`
  ]?.default;

export const l10n = {
  t: (text: string, ...values: unknown[]) => text.replace(/\{(\d+)\}/g, (_, i) => String(values[Number(i)])),
};
export const env = { language: 'en' };
export const commands = { executeCommand: () => Promise.resolve() };
export const window = {};
export const workspace = {
  getWorkspaceFolder: () => undefined,
  asRelativePath: (uri: Uri) => basename(uri.fsPath),
  getConfiguration: () => ({
    get: (key: string) => defaultOf(key),
    inspect: (key: string) => ({ defaultValue: defaultOf(key) }),
  }),
};
