import { noChange } from 'lit';
import { Directive, type DirectiveResult, directive, type ElementPart } from 'lit/directive.js';

type Lengths = Readonly<Partial<Record<'top' | 'left' | 'width' | 'height' | 'paddingLeft', number>>>;

class Px extends Directive {
  override render(_lengths: Lengths): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [lengths]: [Lengths]): typeof noChange {
    const { element } = part;
    if (element instanceof HTMLElement)
      for (const [name, length] of Object.entries(lengths)) element.style[name as keyof Lengths] = `${length}px`;
    return noChange;
  }
}

/** Lengths of an element in px, set from code: the page's policy forbids `style` attributes. */
export const px: (lengths: Lengths) => DirectiveResult = directive(Px);
