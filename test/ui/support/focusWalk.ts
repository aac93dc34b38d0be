import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually';
import type { Webview } from './webview';
import type { Workbench } from './workbench';

/** Where the keyboard is, and whether somebody who looks at the page can tell. */
export interface Stop {
  /** Accessible name, or what stands there; `nowhere` where the page has the focus and nothing in it. */
  readonly name: string;
  readonly role: string;
  /** An outline or a border of the theme's focus colour; of an item in a menu its background. */
  readonly marked: boolean;
  /** Inside the window, and not behind something else. */
  readonly inSight: boolean;
  /** The same element has the same number. */
  readonly id: number;
}

/** Written for the page: these tests are compiled without the browser's types. */
const whereIsFocus = `(() => {
  if (!document.hasFocus()) return undefined;
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return { name: 'nowhere', role: '', marked: false, inSight: false, id: 0 };
  const shown = document.getElementById(at.getAttribute('aria-activedescendant') ?? '') ?? at;
  const host = (element) => (element.getRootNode() instanceof ShadowRoot ? element.getRootNode().host : element);
  const probe = document.createElement('i');
  probe.style.color = 'var(--vscode-focusBorder)';
  document.body.append(probe);
  const focusColor = getComputedStyle(probe).color;
  probe.remove();
  const clear = (color) => color === 'transparent' || /, 0\\)$|\\/ 0\\)$/.test(color);
  const isOutlined = (element) => {
    const style = getComputedStyle(element);
    if (style.opacity === '0') return false;
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 && !clear(style.outlineColor)) return true;
    return ['Top', 'Bottom', 'Left'].some((side) => style['border' + side + 'Color'] === focusColor && parseFloat(style['border' + side + 'Width']) >= 1 && style['border' + side + 'Style'] !== 'none');
  };
  const around = [shown, shown.nextElementSibling, ...(shown.shadowRoot?.querySelectorAll('*') ?? [])].filter(Boolean);
  for (let up = shown, levels = 0; up && levels < 3; levels++) {
    up = up.parentElement ?? (up.getRootNode() instanceof ShadowRoot ? up.getRootNode().host : null);
    if (up && up !== document.body) around.push(up);
  }
  const role = shown.getAttribute('role') ?? shown.tagName.toLowerCase();
  const isFilled = /^(menuitem|option)/.test(role) && !clear(getComputedStyle(shown).backgroundColor);
  const { left, top, right, bottom } = shown.getBoundingClientRect();
  const isInside = right > left && bottom > top && left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const own = host(shown);
  const isUncovered = hit !== null && (own.contains(hit) || hit.contains(own) || hit.closest('label')?.contains(own) === true);
  const labels = [shown.getAttribute('aria-label'), own.getAttribute('aria-label'), shown.labels?.[0]?.textContent, shown.textContent, own.textContent];
  const numbers = (window.focusNumbers ??= new WeakMap());
  if (!numbers.has(shown)) numbers.set(shown, (window.focusNumber = (window.focusNumber ?? 0) + 1));
  return {
    name: (labels.find((text) => text?.trim()) ?? own.outerHTML).replaceAll(/\\s+/g, ' ').trim().slice(0, 160),
    role,
    marked: isFilled || around.some(isOutlined),
    inSight: isInside && isUncovered,
    id: numbers.get(shown),
  };
})()`;

/** A chart is drawn once it comes into sight, and its plot is a stop from then on: a person goes on from what they see. */
const isDrawn = `[...document.querySelectorAll('flowdeck-chart-card')].every((card) => {
  const { top, bottom } = card.getBoundingClientRect();
  if (bottom <= 0 || top >= innerHeight) return true;
  return card.querySelector('.card-body > :not(.skeleton)') !== null && card.data?.loading !== true;
})`;

/** More Tabs than any page of these tests has stops. */
const mostStops = 200;

/** A person without a pointer: goes from stop to stop, and must see each. */
export class FocusWalk {
  constructor(
    private readonly workbench: Workbench,
    readonly page: Webview,
  ) {}

  press(key: string): Promise<void> {
    return this.workbench.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.workbench.page.keyboard.type(text);
  }

  /** Undefined where the focus is not in the page. */
  stop(): Promise<Stop | undefined> {
    return this.page.evaluate<Stop | undefined>(whereIsFocus);
  }

  /** The focus comes here, where it can be seen. */
  async isOn(name: RegExp): Promise<void> {
    await eventually(async () => {
      const stop = await this.stop();
      assert.match(stop?.name ?? 'outside the page', name);
      assertSeen(stop);
    });
  }

  /** Tab after Tab (or Shift+Tab) until this has the focus; every stop on the way must be seen. */
  async tabTo(name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const seen: string[] = [];
    for (let times = 0; times < mostStops; times++) {
      const stop = await this.seenStop();
      if (stop && name.test(stop.name)) return;
      seen.push(stop?.name ?? 'outside');
      await this.press(key);
    }
    assert.fail(`${name} is not reached by ${key}: ${seen.slice(0, 60).join(' · ')}`);
  }

  /** From here on until the page is left; each stop once, and seen. @returns the names */
  async tabOut(key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<readonly string[]> {
    const names: string[] = [];
    const ids = new Set<number>();
    for (let times = 0; times < mostStops; times++) {
      const stop = await this.seenStop();
      if (!stop) return names;
      assert.ok(!ids.has(stop.id), `${key} comes to ${stop.name} again: ${names.join(' · ')}`);
      ids.add(stop.id);
      names.push(stop.name);
      await this.press(key);
    }
    assert.fail(`${key} does not leave the page: ${names.slice(0, 60).join(' · ')}`);
  }

  /** What has the focus, once that is settled and to be seen. */
  private async seenStop(): Promise<Stop | undefined> {
    let stop: Stop | undefined;
    await eventually(async () => {
      stop = await this.stop();
      if (!stop) return;
      assertSeen(stop);
      assert.ok(await this.page.evaluate<boolean>(isDrawn), `beside ${stop.name} a chart is not drawn yet`);
    });
    return stop;
  }
}

function assertSeen(stop: Stop | undefined): asserts stop is Stop {
  assert.ok(stop, 'the focus is outside the page');
  assert.notEqual(stop.name, 'nowhere', 'the focus is on nothing');
  assert.ok(stop.marked, `nothing shows that the focus is on ${stop.name} (${stop.role})`);
  assert.ok(stop.inSight, `${stop.name} (${stop.role}) has the focus out of sight`);
}
