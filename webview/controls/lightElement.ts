import { LitElement } from 'lit';
import { focusKeeper } from './focusKeeper';

/** A component that renders into the page itself: one style sheet, labels and tests that reach everything. */
export class LightElement extends LitElement {
  constructor() {
    super();
    this.addController(focusKeeper);
  }

  protected override createRenderRoot(): this {
    return this;
  }
}
