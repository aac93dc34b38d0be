import type { ReactiveController } from 'lit';

const stops =
  ':is(button, input, select, textarea, a[href], [tabindex="0"], vscode-button, vscode-checkbox, vscode-text-field):not([tabindex="-1"], :disabled)';

/** What a page is about: where whoever comes to it goes on. */
const beginning = '[data-begin]';

interface Left {
  readonly element: HTMLElement;
  /** What it stands in, from the inside out. */
  readonly inside: readonly Element[];
  /** All there was to stop at, in the page's order. */
  readonly all: readonly Element[];
}

/**
 * Keeps the focus off nothing, from where a person without a pointer would begin anew at the top of the page. A button
 * that has done its work may be taken away, or disabled, under the focus: it goes to what stands in its place, or beside
 * it. And a browser forgets what had it in a page that is left, as for a question of VS Code's: it is there again with
 * the page. A page that VS Code gives the focus to, as it does when a person opens its tab, hands it to what it is about.
 */
class FocusKeeper implements ReactiveController {
  private left: Left | undefined;
  /** Nobody has been anywhere in the page yet. */
  private fresh = true;
  private scheduled = false;

  constructor() {
    document.addEventListener('focusin', (event) => this.note(event.target));
    // A click beside everything lets go of the focus on purpose.
    document.addEventListener('pointerdown', () => this.note(undefined), true);
    // Who comes by Tab comes to a stop of its own, which has the focus by then.
    window.addEventListener('focus', () => requestAnimationFrame(() => this.look(true)));
  }

  /** A person asked for something else than what the page shows. */
  begin(): void {
    this.left = undefined;
    this.fresh = true;
  }

  /** Any element of the page was drawn anew. */
  hostUpdated(): void {
    if (this.scheduled || (!this.left && !this.fresh)) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.look();
    });
  }

  private note(target: EventTarget | null | undefined): void {
    this.fresh = false;
    if (!(target instanceof HTMLElement)) {
      this.left = undefined;
      return;
    }
    const inside: Element[] = [];
    for (let up = target.parentElement; up; up = up.parentElement) inside.push(up);
    this.left = { element: target, inside, all: stopsIn(document) };
  }

  /** @param again the page has just got the focus */
  private look(again = false): void {
    const { left } = this;
    const { activeElement } = document;
    if (!document.hasFocus()) return;
    if (!left) {
      if (this.fresh && activeElement === document.body) focusQuietly(document.querySelector<HTMLElement>(beginning));
      return;
    }
    const isThere = isUsable(left.element);
    if (again && isThere && activeElement === document.body) focusQuietly(left.element);
    else if (!isThere && (activeElement === document.body || activeElement === left.element))
      focusQuietly(inPlaceOf(left));
  }
}

function inPlaceOf({ element, inside, all }: Left): HTMLElement | undefined {
  const at = all.indexOf(element);
  for (const within of inside) {
    const there = within.isConnected ? stopsIn(within).filter(isUsable) : [];
    const found =
      there.find((stop) => !all.includes(stop)) ??
      there.find((stop) => all.indexOf(stop) > at) ??
      there.findLast((stop) => all.indexOf(stop) < at);
    if (found) return found;
  }
  return undefined;
}

/** Without scrolling to it: what had the focus may have gone because a person scrolled away from it. */
function focusQuietly(element: HTMLElement | null | undefined): void {
  if (element && isUsable(element)) element.focus({ preventScroll: true });
}

const stopsIn = (within: Element | Document) => [...within.querySelectorAll<HTMLElement>(stops)];
const isUsable = (element: HTMLElement) =>
  element.isConnected && element.checkVisibility() && !element.matches(':disabled') && !element.closest('[inert]');

export const focusKeeper = new FocusKeeper();
