import type { JudgeInfo } from './verdict';

/**
 * Where a verdict was made, as it is said beside the judge's name; '' where that has said it. A server's word for the model
 * that answered is no device, and mostly the judge's name again, which in "verdict only" goes on after it.
 */
export function ranOn({ kind, name }: Pick<JudgeInfo, 'kind' | 'name'>, device: string): string {
  const isSaid = name === device || name.startsWith(`${device}, `);
  return kind === 'endpoint' && isSaid ? '' : device;
}
