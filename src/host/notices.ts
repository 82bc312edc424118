import {
  window,
  type CancellationToken,
  type InputBoxOptions,
  type MessageOptions,
  type Progress,
  type ProgressOptions,
} from 'vscode';
import { inert } from './inert';

/** All that the extension says in notifications goes through here, so that no word of it acts. */

type Rest = string[] | [MessageOptions, ...string[]];
interface Step {
  message?: string;
  increment?: number;
}

/** Resolves with the action that was chosen. */
export function showInformation(message: string, ...rest: Rest): Thenable<string | undefined> {
  return window.showInformationMessage(inert(message), ...safe(rest));
}

export function showWarning(message: string, ...rest: Rest): Thenable<string | undefined> {
  return window.showWarningMessage(inert(message), ...safe(rest));
}

export function showError(message: string, ...rest: Rest): Thenable<string | undefined> {
  return window.showErrorMessage(inert(message), ...safe(rest));
}

export function showInputBox(options: InputBoxOptions): Thenable<string | undefined> {
  const { prompt } = options;
  return window.showInputBox(prompt === undefined ? options : { ...options, prompt: inert(prompt) });
}

export function withProgress<T>(
  options: ProgressOptions,
  work: (progress: Progress<Step>, token: CancellationToken) => Thenable<T>,
): Thenable<T> {
  const { title } = options;
  return window.withProgress<T>(
    title === undefined ? options : { ...options, title: inert(title) },
    (progress, token) => work({ report: (step) => progress.report(safeStep(step)) }, token),
  );
}

function safeStep(step: Step): Step {
  return step.message === undefined ? step : { ...step, message: inert(step.message) };
}

/** As the overloads of `window` want it: each knows options or none. */
function safe(rest: Rest): string[] {
  const [first, ...actions]: readonly (string | MessageOptions)[] = rest;
  const hasDetail = typeof first === 'object' && first.detail !== undefined;
  return (hasDetail ? [{ ...first, detail: inert(first.detail!) }, ...actions] : rest) as string[];
}
