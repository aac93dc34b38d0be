import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

type Styles = Readonly<Record<string, string>>;

/** Sets style properties one by one: the page's policy forbids style attributes, which `styleMap` writes at first. */
class StyledDirective extends Directive {
  private before: Styles = {};

  render(_styles: Styles): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Styles]): typeof noChange {
    const { element } = part;
    if (!(element instanceof HTMLElement)) return noChange;
    for (const name of Object.keys(this.before)) if (!(name in styles)) element.style.removeProperty(name);
    for (const [name, value] of Object.entries(styles))
      if (this.before[name] !== value) element.style.setProperty(name, value);
    this.before = styles;
    return noChange;
  }
}

export const styled = directive(StyledDirective);
