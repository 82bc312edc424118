import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

/**
 * Sets CSS properties through the object model: `<div ${css({ '--from': '3' })}>`.
 * Lit's own styleMap writes a style attribute at first, which the content security policy forbids.
 */
class CssDirective extends Directive {
  private last: Record<string, string | null> = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('css() stands in the tag itself');
  }

  render(_properties: Record<string, string | number | null>): typeof noChange {
    return noChange;
  }

  override update(
    part: ElementPart,
    [properties]: [Record<string, string | number | null>],
  ): typeof noChange {
    const style = (part.element as HTMLElement | SVGElement).style;
    for (const [name, value] of Object.entries(properties)) {
      const text = value === null ? null : String(value);
      if (this.last[name] === text) continue;
      this.last[name] = text;
      style.setProperty(name, text);
    }
    return noChange;
  }
}

export const css = directive(CssDirective);
