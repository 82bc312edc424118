import { html, type TemplateResult } from 'lit';

/** A labelled choice. Native: a hundred checkpoints open at once, and every reader's tools know it. */
export function select<Value extends string>(
  label: string,
  options: readonly (readonly [Value, string])[],
  value: Value,
  choose: (value: Value) => void,
  /** Hidden where the words beside it say the same. */
  shown: 'seen' | 'hidden' = 'seen',
): TemplateResult {
  return html`<label class="select"
    ><span class=${shown === 'hidden' ? 'hidden' : ''}>${label}</span>
    <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as Value)}>
      ${options.map(([id, words]) => html`<option value=${id} .selected=${id === value}>${words}</option>`)}
    </select></label
  >`;
}
