import { css } from 'lit';

/** Popovers of settings and the fields in them. */
export const controlStyles = css`
  .popover {
    position: fixed;
    inset: auto;
    width: 340px;
    max-height: 80vh;
    margin: 0;
    padding: 12px 14px;
    overflow: auto;
    color: var(--vscode-editorWidget-foreground, var(--vscode-foreground));
    background: var(--vscode-editorWidget-background);
    border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent));
    border-radius: 6px;
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
  }
  .wide-popover { width: 420px; }
  .popover h4 { margin: 0 0 10px; font-size: 1em; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .popover .hint { margin: 8px 0 0; font-size: 0.92em; }
  .popover-foot { display: flex; justify-content: flex-end; gap: 8px; margin-top: 12px; }
  .fields { display: flex; flex-direction: column; gap: 7px; }
  .field { display: flex; align-items: center; gap: 8px; min-width: 0; }
  .popover .field > span { flex: 0 0 132px; }
  .toolbar > .field > span { color: var(--vscode-descriptionForeground); }
  .toolbar > .field input { width: 140px; }
  .field.column { flex-direction: column; align-items: stretch; gap: 4px; }
  .popover .field.column > span { flex: none; }
  .field.column + .field.column { margin-top: 8px; }
  .field select, .field input:not([type='range']) {
    flex: 1;
    min-width: 0;
    height: 26px;
    padding: 2px 6px;
    font: inherit;
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
    border-radius: 3px;
  }
  .field select {
    color: var(--vscode-dropdown-foreground);
    background: var(--vscode-dropdown-background);
    border-color: var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
  }
  .field input::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; }
  .field input[type='range'] { flex: 1; min-width: 0; accent-color: var(--vscode-focusBorder); }
  .field input[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground)); }
  .field input.expression, .marked { font-family: var(--vscode-editor-font-family, monospace); }
  .field select:focus-visible, .field input:focus-visible, .popover:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .check { display: inline-flex; align-items: center; gap: 6px; cursor: pointer; }
  .check input { width: 16px; height: 16px; margin: 0; accent-color: var(--vscode-focusBorder); }
  .expression-problem { min-height: 1.4em; margin-top: 4px; font-size: 0.92em; }
  .expression-problem p { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
  .expression-problem .error { color: var(--vscode-errorForeground); }
  .marked mark { color: inherit; background: none; text-decoration: underline wavy var(--vscode-errorForeground); }
`;
