import { LitElement } from 'lit';

/** A component that renders into the page itself: one style sheet, labels and tests that reach everything. */
export class LightElement extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }
}
