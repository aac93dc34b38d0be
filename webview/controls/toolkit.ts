import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeTextField } from '@vscode/webview-ui-toolkit';

/**
 * The only module that knows the toolkit, whose project is archived: `<vscode-button>`, `<vscode-checkbox>` and
 * `<vscode-text-field>` are all the pages use, so another set of elements can take its place here.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextField());
  // It follows the theme from the window's load event on, which is over where a tab's code is read later.
  if (document.readyState === 'complete') window.dispatchEvent(new Event('load'));
}

/** What a text field or checkbox that fired an event holds now. */
export function controlText(event: Event): string {
  const { target } = event;
  return target !== null && 'value' in target && typeof target.value === 'string' ? target.value : '';
}

export function controlChecked(event: Event): boolean {
  const { target } = event;
  return target !== null && 'checked' in target && target.checked === true;
}
