import { css } from 'lit';

export const filterBoxStyles = css`
  flowdeck-filter-box { display: block; position: relative; }
  .filter-line { display: flex; align-items: center; gap: 2px; height: 28px; padding: 0 3px 0 8px; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; }
  .filter-line:focus-within { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .filter-line.wrong { border-color: var(--vscode-inputValidation-errorBorder); }
  .filter-line > .icon { flex: none; color: var(--vscode-descriptionForeground); }
  .filter-line .icon-button { width: 22px; height: 22px; flex: none; }
  .filter-text { position: relative; flex: 1; min-width: 0; height: 100%; }
  .filter-input, .filter-marks { position: absolute; inset: 0; padding: 0 4px; border: 0; background: none; line-height: 26px; letter-spacing: 0; white-space: pre; overflow: hidden; font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-font-size); }
  .filter-input { width: 100%; color: inherit; outline: none; }
  .filter-input:placeholder-shown { text-overflow: ellipsis; }
  .filter-input:focus-visible { outline: none; }
  .filter-input::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; font-family: var(--vscode-font-family); }
  .filter-marks { color: transparent; pointer-events: none; }
  .filter-mark { text-decoration: underline wavy var(--vscode-editorError-foreground, var(--vscode-errorForeground)) 1px; text-underline-offset: 3px; text-decoration-skip-ink: none; }
  .filter-hint { flex: none; padding: 0 6px; font-size: 0.88em; color: var(--vscode-descriptionForeground); white-space: nowrap; }
  .filter-popup { position: absolute; z-index: 40; top: calc(100% + 2px); left: 0; right: 0; max-width: 720px; color: var(--vscode-editorSuggestWidget-foreground, var(--vscode-foreground)); background: var(--vscode-editorSuggestWidget-background, var(--vscode-editorWidget-background)); border: 1px solid var(--vscode-editorSuggestWidget-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; box-shadow: 0 2px 8px var(--vscode-widget-shadow); overflow: hidden; }
  .filter-options { margin: 0; padding: 2px; max-height: 264px; overflow: auto; list-style: none; }
  .filter-option { display: flex; gap: 10px; padding: 1px 8px; border: 1px solid transparent; border-radius: 3px; line-height: 20px; cursor: pointer; }
  .filter-option:hover { background: var(--vscode-list-hoverBackground); }
  .filter-option[aria-selected='true'] { color: var(--vscode-editorSuggestWidget-selectedForeground, var(--vscode-list-activeSelectionForeground)); background: var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground)); border-color: var(--vscode-contrastActiveBorder, transparent); }
  .filter-option-label { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: pre; font-family: var(--vscode-editor-font-family, monospace); }
  .filter-option-kind { flex: none; font-size: 0.88em; opacity: 0.8; }
  .filter-problem { display: flex; gap: 8px; padding: 5px 10px; color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground)); background: var(--vscode-inputValidation-errorBackground, transparent); overflow-wrap: anywhere; }
  .filter-problem .icon { flex: none; margin-top: 2px; color: var(--vscode-editorError-foreground, var(--vscode-errorForeground)); }
  .filter-help { max-width: 940px; padding: 10px 14px; }
  .filter-help h2 { margin: 0 0 6px; font-size: 1em; font-weight: 600; }
  .filter-help dl { display: grid; grid-template-columns: auto 1fr; gap: 3px 18px; margin: 0; }
  .filter-help dt { font-family: var(--vscode-editor-font-family, monospace); white-space: nowrap; }
  .filter-help dd { margin: 0; color: var(--vscode-descriptionForeground); }
  @media (max-width: 640px) { .filter-help dl { grid-template-columns: 1fr; } .filter-help dd { margin-bottom: 4px; } }
`;
