import { css } from 'lit';

/** The board, its cards, and what stands on them. */
export const boardStyles = css`
  flowdeck-board { display: block; margin-bottom: 18px; }
  .board-head { display: flex; align-items: center; gap: 8px; margin-bottom: 8px; }
  .board-head h2 { margin: 0; font-size: 1em; font-weight: 600; flex: 1; }
  .board-empty { margin: 0 0 4px; }
  .board-item { position: relative; min-width: 0; --card-height: 300px; }
  .board-item > flowdeck-board-card, .board-item > flowdeck-board-line { display: block; }
  .board-item .card { height: var(--card-height); }
  .board-item .card-head { padding-left: 22px; }
  .board-item .card-body { display: flex; flex-direction: column; padding-right: 8px; }
  .board-item.size-wide { grid-column: span 2; }
  .board-item.size-large { grid-column: 1 / -1; }
  .board-item.size-large .card { height: max(var(--card-height), 380px); }
  .board-item.is-dragged { opacity: 0.5; }
  .board-item.is-full { position: fixed; inset: 35px 0 0; z-index: 8; padding: 12px; background: var(--vscode-editor-background); }
  .board-item.is-full .card { height: calc(100vh - 35px - 24px); }
  @media (max-width: 1000px) { .board-item.size-wide { grid-column: 1 / -1; } }

  .board-grip { position: absolute; z-index: 1; left: 3px; top: 7px; width: 18px; height: 20px; padding: 1px; border: 0; border-radius: 3px; background: none; color: var(--vscode-icon-foreground); cursor: grab; opacity: 0.55; }
  .board-grip:hover, .board-grip:focus-visible { opacity: 1; }
  .resize { position: absolute; left: 8px; right: 8px; bottom: -4px; height: 8px; border-radius: 4px; cursor: ns-resize; }
  .resize:hover, .resize:focus-visible { background: color-mix(in srgb, var(--vscode-focusBorder) 60%, transparent); }
  .resize:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
  .line-strip { position: absolute; z-index: 1; top: 5px; right: 6px; }
  flowdeck-board-line .card-head { padding-right: 34px; }

  flowdeck-picture { position: relative; display: block; flex: 1; min-height: 0; }
  flowdeck-picture canvas { display: block; }
  flowdeck-picture .plot { cursor: default; overflow: hidden; }
  flowdeck-picture.can-reveal .plot { cursor: pointer; }
  flowdeck-picture.can-brush .plot { cursor: crosshair; }
  .pointed { position: absolute; left: 0; top: 0; border: 1.5px solid var(--vscode-focusBorder); pointer-events: none; }
  .pointed-line { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; pointer-events: none; }
  .pointed-line path { fill: none; stroke: var(--vscode-editor-foreground); stroke-width: 2.5px; }
  .brush { position: absolute; left: 0; top: 0; width: 14px; pointer-events: none; background: color-mix(in srgb, var(--vscode-focusBorder) 35%, transparent); border: 1px solid var(--vscode-focusBorder); }
  .picture-legend { display: flex; flex: none; flex-wrap: wrap; gap: 2px 14px; max-height: 40px; overflow: auto; list-style: none; margin: 4px 0 0; padding: 0 8px; font-size: 0.85em; color: var(--vscode-descriptionForeground); }
  .picture-legend li { display: flex; align-items: center; gap: 5px; height: 18px; white-space: nowrap; }
  .nothing { flex: 1; min-height: 0; overflow: auto; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 10px; margin: 0; padding: 24px; text-align: center; }
  .nothing p { margin: 0; }
  .is-error { color: var(--vscode-errorForeground); }
  .picture-notes { flex: none; margin: 4px 0 0; padding: 0 8px; font-size: 0.85em; color: var(--vscode-descriptionForeground); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }

  .history-bar { display: flex; flex: none; flex-wrap: wrap; align-items: center; gap: 4px 10px; margin: 4px 0 0; padding: 0 8px; font-size: 0.85em; }

  .brush-chips { display: flex; flex: none; flex-wrap: wrap; gap: 4px; padding: 6px 4px 0; }
  .brush-chip { display: inline-flex; align-items: center; max-width: 240px; border: 1px solid var(--vscode-checkbox-border, var(--vscode-contrastBorder)); border-radius: 10px; font-size: 0.85em; overflow: hidden; }
  .brush-chip button { padding: 1px 8px; border: 0; background: none; cursor: pointer; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .brush-chip button:hover { background: var(--vscode-toolbar-hoverBackground); }
  .brush-chip button:focus-visible { outline-offset: -2px; border-radius: 10px; }
  .brush-chip.is-on { color: var(--vscode-inputOption-activeForeground); background: var(--vscode-inputOption-activeBackground); border-color: var(--vscode-inputOption-activeBorder, transparent); }
  .brush-chip .brush-chip-remove { flex: none; padding: 1px 5px 1px 2px; }
  .brush-chip .icon { width: 12px; height: 12px; }
  .brush-form { display: flex; flex: none; flex-wrap: wrap; align-items: center; gap: 6px 12px; padding: 6px 4px 0; }
  .brush-form .input { width: 120px; }
  .choices { display: flex; flex-wrap: wrap; gap: 2px 12px; max-height: 84px; overflow: auto; }
  .choices label { display: inline-flex; align-items: center; gap: 4px; }

  .undo:empty { display: none; }
  .undo { display: flex; align-items: center; gap: 10px; margin-top: 8px; color: var(--vscode-descriptionForeground); }
  .export-message { position: absolute; z-index: 3; top: 34px; right: 8px; display: flex; align-items: center; gap: 8px; max-width: 320px; padding: 4px 4px 4px 10px; border: 1px solid var(--vscode-editorHoverWidget-border); border-radius: 4px; color: var(--vscode-editorHoverWidget-foreground); background: var(--vscode-editorHoverWidget-background); }
  flowdeck-export-menu { display: contents; }
  .card { position: relative; }

  .pop-menu { position: fixed; inset: auto; margin: 0; padding: 4px; min-width: 190px; border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder, var(--vscode-editorWidget-border))); border-radius: 5px; color: var(--vscode-menu-foreground); background: var(--vscode-menu-background); box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent); }
  .pop-item { display: flex; align-items: center; gap: 4px; width: 100%; padding: 3px 16px 3px 6px; border: 0; border-radius: 3px; background: none; text-align: left; cursor: pointer; white-space: nowrap; }
  .pop-item.first { margin-top: 9px; }
  .pop-item.first::before { content: ''; position: absolute; left: 0; right: 0; margin-top: -31px; height: 1px; background: var(--vscode-menu-separatorBackground, var(--vscode-contrastBorder)); }
  .pop-item:hover:not(:disabled), .pop-item:focus-visible { color: var(--vscode-menu-selectionForeground); background: var(--vscode-menu-selectionBackground); outline: 1px solid var(--vscode-menu-selectionBorder, transparent); outline-offset: -1px; }
  .pop-item:disabled { opacity: 0.5; cursor: default; }
  .pop-check { width: 14px; }

  flowdeck-image-grid, flowdeck-text-grid { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  .step-slider { display: flex; flex: none; align-items: center; gap: 8px; padding: 0 4px 6px; }
  .step-slider input { flex: 1; max-width: 360px; accent-color: var(--vscode-focusBorder); }
  .step-slider output { min-width: 5ch; font-variant-numeric: tabular-nums; }
  .grid-scroll { flex: 1; min-height: 0; overflow: auto; border-radius: 4px; }
  .grid-scroll:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  flowdeck-artifact-matrix { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  .matrix { position: relative; }
  .matrix-head { position: sticky; z-index: 1; top: 0; background: var(--vscode-editor-background); font-weight: 600; }
  .matrix-head .matrix-cell { top: 0; bottom: 0; padding-top: 4px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .matrix-row { position: absolute; left: 0; top: 0; width: 100%; }
  .matrix-cell { position: absolute; }
  .matrix-row > .matrix-cell { bottom: 8px; display: flex; flex-direction: column; }
  .matrix-label { position: sticky; left: 0; display: inline-block; max-width: 100%; font-size: 0.9em; color: var(--vscode-descriptionForeground); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .image-box { display: block; flex: 1; width: 100%; min-height: 0; object-fit: contain; image-rendering: auto; border-radius: 3px; background: color-mix(in srgb, var(--vscode-foreground) 5%, transparent); }
  .image-box.skeleton { margin: 0; }
  .image-failed { padding: 8px; overflow: auto; font-size: 0.85em; color: var(--vscode-errorForeground); }
  .grid-notes { flex: none; margin: 4px 0 0; font-size: 0.9em; }
  .text-box { flex: 1; min-height: 0; margin: 0; padding: 6px 8px; overflow: auto; border-radius: 3px; font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); white-space: pre-wrap; overflow-wrap: anywhere; background: var(--vscode-textCodeBlock-background); }
  .table-box { flex: 1; min-height: 0; overflow: auto; }
  .matrix-cell p { flex: none; margin: 2px 0 0; font-size: 0.85em; }
  .grid-more { margin-left: 8px; }
  .logged-table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  .logged-table th, .logged-table td { padding: 1px 8px; border-bottom: 1px solid color-mix(in srgb, var(--vscode-foreground) 12%, transparent); text-align: left; }
`;
