import { css } from 'lit';

/** The dialogs that make charts. */
export const formStyles = css`
  .chart-form { width: min(660px, calc(100vw - 32px)); max-height: calc(100vh - 48px); padding: 16px 20px; overflow: auto; border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder)); border-radius: 6px; color: var(--vscode-editorWidget-foreground); background: var(--vscode-editorWidget-background); box-shadow: 0 4px 16px var(--vscode-widget-shadow, transparent); }
  .chart-form::backdrop { background: color-mix(in srgb, var(--vscode-editor-background) 55%, transparent); }
  .chart-form h2 { margin: 0 0 12px; font-size: 1.15em; font-weight: 600; }
  .kinds { display: grid; grid-template-columns: repeat(auto-fill, minmax(108px, 1fr)); gap: 6px; margin: 0; padding: 0; border: 0; }
  .kind { position: relative; cursor: pointer; }
  .kind input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
  .kind-face { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 4px; height: 58px; padding: 4px; border: 1px solid var(--vscode-checkbox-border, var(--vscode-contrastBorder)); border-radius: 5px; text-align: center; line-height: 1.15; font-size: 0.92em; }
  .kind:hover .kind-face { background: var(--vscode-list-hoverBackground); }
  .kind input:checked + .kind-face { color: var(--vscode-list-activeSelectionForeground); background: var(--vscode-list-activeSelectionBackground); border-color: var(--vscode-contrastActiveBorder, var(--vscode-focusBorder)); }
  .kind input:focus-visible + .kind-face { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }
  .kind-use { margin: 8px 0 12px; }
  .form-fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 12px 16px; align-items: end; }
  flowdeck-field-picker { display: block; min-width: 0; }
  .field-label { display: block; margin-bottom: 3px; }
  .input { width: 100%; height: 26px; padding: 2px 6px; font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-checkbox-border, var(--vscode-contrastBorder, transparent))); border-radius: 3px; }
  select.input { color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border-color: var(--vscode-dropdown-border, transparent); }
  .input::placeholder { color: var(--vscode-input-placeholderForeground); }
  .input:focus-visible, .paste-text:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .flags { display: flex; flex-wrap: wrap; gap: 4px 16px; grid-column: 1 / -1; }
  .flag { display: inline-flex; align-items: center; gap: 6px; height: 26px; }
  .flag input, .axis-log input, .choices input { accent-color: var(--vscode-focusBorder); }
  .axes { grid-column: 1 / -1; }
  .axis-list { list-style: none; margin: 0 0 8px; padding: 0; max-height: 220px; overflow: auto; }
  .axis-list li { display: flex; align-items: center; gap: 4px; height: 28px; padding: 0 4px; border-radius: 3px; }
  .axis-list li:hover { background: var(--vscode-list-hoverBackground); }
  .axis-name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .stat-choice { margin-top: 4px; }
  .axis-list .stat-choice { flex: none; width: 116px; height: 24px; margin: 0 6px 0 0; }
  .axis-log { display: inline-flex; align-items: center; gap: 4px; margin-right: 6px; }
  .turn-up .icon { transform: rotate(-90deg); }
  .turn-down .icon { transform: rotate(90deg); }
  .form-buttons { display: flex; justify-content: flex-end; gap: 8px; margin-top: 18px; }
  .paste-text { height: 220px; resize: vertical; font-family: var(--vscode-editor-font-family); }
  .options { position: fixed; inset: auto; margin: 0; padding: 2px; overflow: auto; border: 1px solid var(--vscode-editorSuggestWidget-border, var(--vscode-contrastBorder)); border-radius: 3px; color: var(--vscode-editorSuggestWidget-foreground); background: var(--vscode-editorSuggestWidget-background); box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent); }
  .option { display: flex; gap: 12px; justify-content: space-between; padding: 2px 6px; border-radius: 2px; cursor: pointer; }
  .option span:first-child { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .option .quiet { font-size: 0.9em; }
  .option.active { color: var(--vscode-editorSuggestWidget-selectedForeground, var(--vscode-foreground)); background: var(--vscode-editorSuggestWidget-selectedBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
  .option.active .quiet { color: inherit; }
  .option-note { padding: 2px 6px; color: var(--vscode-descriptionForeground); }
`;
