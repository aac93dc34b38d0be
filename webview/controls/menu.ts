import { html, nothing, render, type TemplateResult } from 'lit';
import { icons } from './icons';

export type MenuItem =
  | 'separator'
  | {
      readonly label: string;
      /** Shown at the right: the key that does the same. */
      readonly hint?: string;
      /** Given: an item that is on or off. */
      readonly checked?: boolean;
      readonly disabled?: boolean;
      run(): void;
    };

type Action = Exclude<MenuItem, 'separator'>;

let closeOpen: (() => void) | undefined;

/**
 * A menu at a point of the page, by the ARIA menu pattern. One is open at a time; Escape, a click elsewhere and leaving
 * the page close it, and the focus goes back to where it was.
 */
export function openMenu(
  label: string,
  items: readonly MenuItem[],
  at: { readonly x: number; readonly y: number },
  /** Asked above the items, where they are answers. */
  question?: string,
): void {
  closeOpen?.();
  const before = document.activeElement;
  const menu = document.createElement('div');
  menu.className = 'menu';
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', label);
  const close = () => {
    closeOpen = undefined;
    window.removeEventListener('pointerdown', outside, true);
    window.removeEventListener('blur', close);
    const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (hadFocus && before instanceof HTMLElement) before.focus();
  };
  const outside = (event: Event) => {
    if (!(event.target instanceof Node) || !menu.contains(event.target)) close();
  };
  const run = (item: Action) => {
    if (item.disabled) return;
    close();
    item.run();
  };
  closeOpen = close;
  render(
    [
      question ? html`<div class="menu-question" aria-hidden="true">${question}</div>` : nothing,
      items.map((item) => menuLine(item, run)),
    ],
    menu,
  );
  menu.addEventListener('keydown', (event) => pressIn(menu, event, close));
  menu.addEventListener('contextmenu', (event) => event.preventDefault());
  document.body.append(menu);
  place(menu, at);
  window.addEventListener('pointerdown', outside, true);
  window.addEventListener('blur', close);
  buttonsOf(menu)[0]?.focus();
}

function menuLine(item: MenuItem, run: (item: Action) => void): TemplateResult {
  if (item === 'separator') return html`<div class="menu-separator" role="separator"></div>`;
  const { label, hint, checked, disabled } = item;
  return html`<button
    class="menu-item"
    role=${checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
    aria-checked=${checked ?? nothing}
    aria-disabled=${disabled ? 'true' : nothing}
    tabindex="-1"
    @click=${() => run(item)}
  ><span class="menu-check">${checked ? icons.check : nothing}</span><span class="menu-label">${label}</span
    >${hint ? html`<kbd class="menu-hint">${hint}</kbd>` : nothing}</button>`;
}

const buttonsOf = (menu: Element) => [...menu.querySelectorAll<HTMLElement>('.menu-item')];

function pressIn(menu: HTMLElement, event: KeyboardEvent, close: () => void): void {
  const buttons = buttonsOf(menu);
  const at = buttons.findIndex((button) => button.matches(':focus'));
  const to = (index: number) => buttons[(index + buttons.length) % buttons.length]?.focus();
  event.stopPropagation();
  switch (event.key) {
    case 'ArrowDown':
      to(at + 1);
      break;
    case 'ArrowUp':
      to(at < 0 ? -1 : at - 1);
      break;
    case 'Home':
      to(0);
      break;
    case 'End':
      to(-1);
      break;
    case 'Escape':
    case 'Tab':
      close();
      break;
    default: {
      const letter = event.key.toLowerCase();
      if (letter.length !== 1 || letter === ' ') return;
      const after = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
      after
        .find((button) => button.querySelector('.menu-label')?.textContent?.toLowerCase().startsWith(letter))
        ?.focus();
    }
  }
  event.preventDefault();
}

/** Inside the window, wherever it was asked for. */
function place(menu: HTMLElement, { x, y }: { readonly x: number; readonly y: number }): void {
  const { offsetWidth, offsetHeight } = menu;
  menu.style.left = `${Math.max(4, Math.min(x, window.innerWidth - offsetWidth - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(y, window.innerHeight - offsetHeight - 4))}px`;
}
