import { css } from 'lit';

/** The comparison: its bar, the grid of keys and runs, the menu. */
export const compareStyles = css`
  flowdeck-compare { position: relative; }
  .compare-bar .search { width: 190px; }
  .compare-bar label.pick { display: inline-flex; align-items: center; gap: 6px; }
  .pick select, .explain-head input, .report input[type='text'], .report input[type='search'] {
    height: 26px;
    padding: 2px 6px;
    border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
    border-radius: 4px;
    color: var(--vscode-dropdown-foreground);
    background: var(--vscode-dropdown-background);
    font: inherit;
  }
  .explain-head input, .report input[type='text'], .report input[type='search'] {
    border-color: var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
  }
  select:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }

  flowdeck-compare-grid { flex: 1; min-height: 0; display: block; }
  .compare-scroll { height: 100%; overflow: auto; outline: none; }
  .compare-sheet { position: relative; min-width: 100%; }
  .compare-line { position: absolute; top: 0; left: 0; display: flex; min-width: 100%; contain: layout style; }
  .compare-line, .compare-head { font-variant-numeric: tabular-nums; }
  .compare-head { position: sticky; top: 0; z-index: 4; display: flex; background: var(--vscode-editor-background); border-bottom: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); }
  .compare-cell { flex: none; display: flex; align-items: center; gap: 6px; min-width: 0; padding: 0 10px; overflow: hidden; white-space: nowrap; background: var(--vscode-editor-background); border-bottom: 1px solid color-mix(in srgb, var(--vscode-foreground) 8%, transparent); }
  .compare-cell.of-run { width: var(--compare-column); }
  .compare-cell.key { width: var(--compare-key); }
  .compare-cell.stuck { position: sticky; left: 0; z-index: 2; }
  .compare-cell.stuck.base { left: var(--compare-key); }
  .compare-line > .gap, .compare-head > .gap { flex: none; }
  .compare-head .compare-cell { border-bottom: 0; }
  .compare-head .compare-cell.stuck { z-index: 5; }
  .compare-cell.base { border-right: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); }
  .compare-cell.key { border-right: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); }
  .line-row:hover .compare-cell { background: color-mix(in srgb, var(--vscode-list-hoverBackground) 100%, var(--vscode-editor-background)); }
  /* What is written from right to left is cut where it ends, not where it begins. */
  .compare-cell .value, .key .name, .compare-head .title .text { unicode-bidi: plaintext; text-align: left; }
  .compare-cell .value { flex: 0 1 auto; min-width: 4ch; overflow: hidden; text-overflow: ellipsis; }
  .key .name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
  .key .differs { flex: none; width: 1.2em; text-align: center; color: var(--vscode-editorWarning-foreground, var(--vscode-foreground)); }
  .compare-cell.apart .value { font-weight: 600; }
  .compare-cell.apart { box-shadow: inset 2px 0 0 var(--vscode-editorWarning-foreground, var(--vscode-charts-yellow)); }
  .delta { flex: none; margin-left: auto; padding-left: 6px; font-size: 0.9em; color: var(--vscode-descriptionForeground); }
  .delta.better { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
  .delta.worse { color: var(--vscode-testing-iconFailed, var(--vscode-errorForeground)); }
  .vscode-light .delta.better { color: color-mix(in srgb, var(--vscode-testing-iconPassed, var(--vscode-charts-green)) 62%, black); }
  .vscode-light .delta.worse { color: color-mix(in srgb, var(--vscode-testing-iconFailed, var(--vscode-errorForeground)) 80%, black); }
  .delta span[aria-hidden] { margin-right: 4px; }
  .reading { opacity: 0; animation: compare-appear 0s linear 0.2s forwards; color: var(--vscode-descriptionForeground); }
  @keyframes compare-appear { to { opacity: 1; } }
  @media (prefers-reduced-motion: reduce) { .reading { opacity: 1; } }

  .compare-head .run { align-items: flex-start; padding-top: 8px; }
  .compare-head .names { flex: 1; min-width: 0; }
  .compare-head .title { display: flex; align-items: center; gap: 6px; font-weight: 600; }
  .compare-head .title .text { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
  .compare-head .under { display: block; min-height: 1.4em; font-size: 0.9em; color: var(--vscode-descriptionForeground); overflow: hidden; text-overflow: ellipsis; }
  .compare-head .swatch { flex: none; width: 10px; height: 10px; border-radius: 2px; background: var(--run); }
  .compare-head .corner { align-items: center; color: var(--vscode-descriptionForeground); }
  .compare-head .corner h1 { margin: 0; font-size: 1em; font-weight: 600; color: var(--vscode-foreground); }
  .row-button { flex: none; height: 20px; min-width: 20px; padding: 0 5px; border: 1px solid transparent; border-radius: 4px; background: none; color: var(--vscode-descriptionForeground); font-size: 0.9em; line-height: 18px; cursor: pointer; }
  .row-button:hover { background: var(--vscode-toolbar-hoverBackground); color: var(--vscode-foreground); border-color: var(--vscode-contrastActiveBorder, transparent); }

  /* Visible, or the words would not stay in sight when runs are scrolled. */
  .line-section .compare-cell, .line-note .compare-cell { overflow: visible; }
  .line-section .compare-cell { width: 100%; gap: 4px; padding-left: 6px; border-bottom: 0; background: var(--vscode-sideBarSectionHeader-background, var(--vscode-editor-background)); border-top: 1px solid var(--vscode-sideBarSectionHeader-border, var(--vscode-contrastBorder, transparent)); cursor: pointer; }
  .line-section:hover .compare-cell { background: var(--vscode-list-hoverBackground); }
  .line-section .stay { position: sticky; left: 6px; display: flex; align-items: center; gap: 6px; font-weight: 600; }
  .line-section .chevron, .key .chevron { display: inline-flex; transition: transform 0.1s; }
  .line-section[aria-expanded='true'] .chevron, .compare-line[aria-expanded='true'] .key .chevron { transform: rotate(90deg); }
  .line-section .count { font-weight: 400; color: var(--vscode-descriptionForeground); }
  .line-note .compare-cell { width: 100%; border-bottom: 0; color: var(--vscode-descriptionForeground); }
  .line-note .stay { position: sticky; left: 26px; white-space: normal; }
  .compare-cell.clickable { cursor: pointer; }
  .compare-cell img { display: block; max-width: 100%; max-height: 100%; object-fit: contain; }
  .line-images .compare-cell { align-items: center; justify-content: center; padding: 6px; white-space: normal; text-align: center; }
  .compare-scroll:focus-visible .active { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }

  .compare-empty { margin: auto; padding: 48px 24px; max-width: 60ch; text-align: center; }
  .compare-empty h1 { margin: 0 0 8px; font-size: 1.25em; font-weight: 600; }
  .compare-empty p { margin: 0 0 16px; color: var(--vscode-descriptionForeground); }
`;
