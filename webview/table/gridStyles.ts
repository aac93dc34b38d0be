import { css } from 'lit';

/** The grid: everything that is drawn by `RunsGrid`. */
export const gridStyles = css`
  .grid-place { position: relative; flex: 1; min-width: 0; min-height: 0; display: flex; }
  .grid-place.late::before { content: ''; position: absolute; z-index: 8; top: 0; left: 0; width: 30%; height: 2px; background: var(--vscode-progressBar-background); animation: slide 1.4s ease-in-out infinite; }
  @keyframes slide { from { transform: translateX(-100%); } to { transform: translateX(430%); } }
  .runs-grid { flex: 1; overflow: auto; outline: none; contain: strict; scroll-padding-top: 40px; overscroll-behavior: contain; --line: var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); }
  .grid-body { position: relative; min-width: 100%; }

  .grid-row, .grid-head { display: flex; --row-bg: transparent; --row-base: var(--vscode-editor-background); }
  .grid-row { position: absolute; top: 0; left: 0; height: 26px; min-width: 100%; contain: layout style; background: var(--row-bg); }
  .grid-row:hover { --row-bg: var(--vscode-list-hoverBackground, transparent); color: var(--vscode-list-hoverForeground, inherit); }
  .grid-row.selected { --row-bg: var(--vscode-list-inactiveSelectionBackground, transparent); color: var(--vscode-list-inactiveSelectionForeground, inherit); }
  .runs-grid:focus .grid-row.selected { --row-bg: var(--vscode-list-activeSelectionBackground, transparent); color: var(--vscode-list-activeSelectionForeground, inherit); }
  .grid-row.pointed-at { --row-bg: var(--vscode-list-hoverBackground, transparent); }
  .grid-row.pointed-at .lead { box-shadow: inset 3px 0 0 var(--vscode-focusBorder); }
  .grid-row.pointed-at::after { content: ''; position: absolute; z-index: 2; inset: 0; border: solid var(--vscode-focusBorder); border-width: 1px 0; pointer-events: none; }
  .grid-row.unmatched { font-style: italic; }
  .grid-row.unmatched:not(.selected) { color: color-mix(in srgb, var(--vscode-foreground) 74%, var(--vscode-editor-background)); }
  .grid-row.group-row { font-weight: 600; --row-bg: var(--vscode-sideBarSectionHeader-background, transparent); }
  body.vscode-high-contrast .grid-row:hover, body.vscode-high-contrast-light .grid-row:hover { outline: 1px dashed var(--vscode-contrastActiveBorder); outline-offset: -1px; }
  body.vscode-high-contrast .grid-row.selected, body.vscode-high-contrast-light .grid-row.selected { outline: 1px solid var(--vscode-contrastActiveBorder); outline-offset: -1px; }
  body.vscode-high-contrast .grid-row.selected .pinned, body.vscode-high-contrast-light .grid-row.selected .pinned { box-shadow: inset 0 1px 0 var(--vscode-contrastActiveBorder), inset 0 -1px 0 var(--vscode-contrastActiveBorder); }

  .runs-grid .cell { position: absolute; top: 0; bottom: 0; padding: 0 10px; line-height: 26px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
  .scrolling-cells { position: absolute; inset: 0; }
  .runs-grid .cell.pinned { position: sticky; z-index: 1; flex: none; background: linear-gradient(var(--row-bg), var(--row-bg)), var(--row-base); }
  .pinned-cells { position: sticky; left: 0; z-index: 1; display: flex; flex: none; }
  .pinned-cells .cell.pinned { position: relative; left: 0 !important; }
  .runs-grid.crowded .pinned-cells { display: contents; }
  .runs-grid.crowded .cell.lead { position: sticky; }
  .runs-grid.crowded .cell.pinned:not(.lead) { position: relative; left: 0 !important; }
  .runs-grid .cell.number { text-align: right; font-variant-numeric: tabular-nums; }
  .runs-grid .cell.mono { font-family: var(--vscode-editor-font-family); font-size: 0.92em; }
  .runs-grid .cell.aggregate { font-style: italic; font-weight: normal; color: var(--vscode-descriptionForeground); }
  .runs-grid .cell.pending { color: var(--vscode-descriptionForeground); }
  .grid-row.selected .cell.aggregate, .grid-row.selected .cell.pending { color: inherit; }
  .runs-grid:focus-visible .cell.active, .runs-grid:focus .cell.active { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  /* The row is outlined in the same colour there. */
  body.vscode-high-contrast .runs-grid:focus .cell.active, body.vscode-high-contrast-light .runs-grid:focus .cell.active { outline-width: 2px; outline-offset: -2px; }
  .runs-grid .cell.name { box-shadow: 1px 0 0 var(--line); }

  .grid-head { position: sticky; top: 0; z-index: 4; height: 40px; min-width: 100%; background: var(--vscode-editor-background); box-shadow: 0 1px 0 var(--line); }
  .runs-grid .head-cell { display: flex; align-items: center; gap: 2px; line-height: 1.25; cursor: pointer; user-select: none; }
  .runs-grid .head-cell.lead { cursor: default; }
  .head-cell:hover .head-title { color: var(--vscode-foreground); }
  .head-texts { flex: 1; min-width: 0; display: flex; flex-direction: column; overflow: hidden; }
  .head-cell.number .head-texts { text-align: right; order: 1; }
  .head-cell.number .head-sort { order: 2; }
  .head-cell.number .head-menu { order: 0; }
  .head-caption, .head-start { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .head-caption { font-size: 0.82em; color: var(--vscode-descriptionForeground); }
  .head-title { display: flex; min-width: 0; overflow: hidden; font-weight: 600; white-space: pre; }
  .head-start { min-width: 3ch; white-space: pre; }
  .head-cell.number .head-title { justify-content: flex-end; }
  .head-caption:empty { display: none; }
  .head-sort { display: inline-flex; align-items: center; flex: none; font-size: 0.82em; color: var(--vscode-textLink-foreground); }
  .head-sort .icon { width: 13px; height: 13px; }
  .head-menu { position: absolute; top: 9px; right: 8px; display: grid; place-items: center; width: 20px; height: 22px; padding: 0; border: 0; border-radius: 4px; background: var(--vscode-editor-background); color: var(--vscode-icon-foreground); cursor: pointer; opacity: 0; }
  .head-cell.number .head-menu { right: auto; left: 4px; }
  .head-cell:hover .head-menu, .runs-grid:focus .head-cell.active .head-menu { opacity: 1; }
  .head-menu:hover { background: linear-gradient(var(--vscode-toolbar-hoverBackground, transparent), var(--vscode-toolbar-hoverBackground, transparent)), var(--vscode-editor-background); }
  .head-edge { position: absolute; top: 0; right: 0; bottom: 0; width: 7px; cursor: col-resize; }
  .head-edge::after { content: ''; position: absolute; top: 10px; bottom: 10px; right: 0; width: 1px; background: var(--line); }
  .head-edge:hover::after { top: 0; bottom: 0; width: 3px; background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder)); }
  .drop-mark { position: absolute; top: 0; bottom: 0; left: 0; z-index: 6; width: 2px; background: var(--vscode-focusBorder); pointer-events: none; }

  .runs-grid .lead { display: flex; align-items: center; gap: 6px; padding: 0 0 0 10px; overflow: visible; }
  .run-choice { appearance: none; flex: none; width: 16px; height: 16px; margin: 0; border: 1px solid var(--vscode-checkbox-border); border-radius: 3px; background: var(--vscode-checkbox-background) center / 14px no-repeat; cursor: pointer; }
  .run-choice:checked { border-color: var(--vscode-checkbox-selectBorder, var(--vscode-checkbox-border)); }
  .run-choice:checked::before { content: ''; display: block; width: 9px; height: 4px; margin: 3px 0 0 2px; border: solid var(--vscode-checkbox-foreground, var(--vscode-foreground)); border-width: 0 0 1.6px 1.6px; transform: rotate(-45deg); }
  .run-choice:indeterminate::before { content: ''; display: block; width: 8px; height: 2px; margin: 6px 0 0 3px; background: var(--vscode-checkbox-foreground, var(--vscode-foreground)); }
  .run-swatch { position: relative; display: grid; place-items: center; flex: none; width: 20px; height: 22px; padding: 0; border: 0; border-radius: 4px; background: none; color: inherit; cursor: pointer; }
  .run-swatch::before { content: ''; width: 10px; height: 10px; border-radius: 50%; background: var(--run, var(--vscode-disabledForeground)); border: 1px solid var(--run, transparent); }
  .run-swatch.off::before { background: none; border-color: var(--vscode-descriptionForeground); }
  .run-swatch .icon { position: absolute; opacity: 0; width: 15px; height: 15px; }
  .run-swatch:hover::before, .run-swatch.off::before { visibility: hidden; }
  .run-swatch:hover .icon, .run-swatch.off .icon { opacity: 1; }
  .run-swatch.off .icon { color: var(--vscode-descriptionForeground); }

  .grid-row .name { display: flex; align-items: center; gap: 4px; padding-right: 4px; }
  .row-chevron { display: grid; place-items: center; flex: none; width: 16px; height: 22px; padding: 0; border: 0; background: none; color: var(--vscode-icon-foreground); cursor: pointer; }
  .row-chevron.leaf { visibility: hidden; }
  .row-chevron.open .icon { transform: rotate(90deg); }
  .name-text { overflow: hidden; text-overflow: ellipsis; min-width: 20px; user-select: text; }

  .all-rows, .all-rows :not(input, textarea) { user-select: none !important; }
  .hidden-run .name-text { color: var(--vscode-descriptionForeground); }
  .grid-row.selected.hidden-run .name-text { color: inherit; }
  .count-badge { flex: none; padding: 0 6px; border-radius: 8px; font-size: 0.82em; font-weight: normal; line-height: 16px; color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
  .row-pin { display: grid; place-items: center; flex: none; width: 20px; height: 22px; margin-left: auto; padding: 0; border: 0; border-radius: 4px; background: none; color: var(--vscode-icon-foreground); cursor: pointer; opacity: 0; }
  .grid-row:hover .row-pin, .chooser-line:hover .row-pin, .chooser-line.active .row-pin, .row-pin.on { opacity: 1; }
  .row-pin.on { color: var(--vscode-textLink-foreground); }
  .row-pin .icon { width: 14px; height: 14px; }
  .grid-row.selected .status, .grid-row.selected .row-chevron, .grid-row.selected .row-pin { color: inherit; }
`;
