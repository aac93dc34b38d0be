import { css } from 'lit';

/** Chart cards, their table, and the readout beside the pointer. */
export const cardStyles = css`
  .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 12px; }
  .cards[role=status] { padding: 16px; }
  flowdeck-chart-card { display: block; min-width: 0; }
  flowdeck-chart-card.size-wide { grid-column: span 2; }
  flowdeck-chart-card.size-large { grid-column: 1 / -1; }
  @media (max-width: 960px) { flowdeck-chart-card.size-wide { grid-column: 1 / -1; } }
  flowdeck-charts { position: relative; }
  flowdeck-chart-card.full { position: absolute; inset: 0; z-index: 5; background: var(--vscode-editor-background); }
  flowdeck-chart-card.full .card { height: 100%; border: 0; border-radius: 0; }
  .card {
    position: relative;
    height: 264px;
    display: flex;
    flex-direction: column;
    border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent));
    border-radius: 6px;
    background: var(--vscode-editor-background);
  }
  .card-head { display: flex; align-items: center; gap: 6px; height: 34px; padding: 0 6px 0 12px; flex: none; }
  .card-head h3 { flex: 1; min-width: 40px; margin: 0; font-size: 1em; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .card-head h3 { min-width: 60px; }
  .card-actions { display: inline-flex; flex: none; gap: 2px; }
  .grip { display: inline-grid; place-items: center; flex: none; width: 18px; height: 22px; padding: 0; border: 0; border-radius: 4px; background: none; color: var(--vscode-descriptionForeground); cursor: grab; opacity: 0; }
  .grip:focus-visible, .card-head:hover .grip, .section-line:hover .grip { opacity: 1; }
  .icon-button.has-own { color: var(--vscode-textLink-foreground); }
  .card-notes { display: flex; align-items: center; gap: 6px; height: 20px; margin-top: -4px; padding: 0 10px 0 11px; flex: none; }
  .badge { flex: none; }
  .note { flex: 0 1 auto; min-width: 40px; }
  .note, .badge { overflow: hidden; text-overflow: ellipsis; padding: 0 7px; border-radius: 9px; font-size: 0.85em; line-height: 18px; white-space: nowrap; }
  .note { border: 1px solid var(--vscode-editorWarning-foreground, var(--vscode-contrastBorder)); color: var(--vscode-foreground); }
  .badge { border: 1px solid var(--vscode-contrastBorder, transparent); color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); cursor: pointer; }
  button.badge:hover { text-decoration: underline; }
  .badge.progress { cursor: default; }
  .badge.progress .link-button { margin-left: 4px; color: inherit; text-decoration: underline; }
  .resizer { position: absolute; left: 0; right: 0; bottom: -3px; height: 7px; border-radius: 3px; cursor: ns-resize; touch-action: none; }
  .resizer:hover, .resizer:focus-visible { background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder)); }
  .resizer:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
  .card-body { position: relative; flex: 1; min-height: 0; padding: 0 4px 6px 8px; }
  .card-body > .quiet { margin: 0; padding: 72px 16px; text-align: center; }
  .skeleton {
    height: calc(100% - 12px);
    margin: 4px 8px 8px 4px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--vscode-foreground) 7%, transparent);
    opacity: 0;
    animation: appear 0.2s ease-out 0.2s forwards;
  }
  @keyframes appear { to { opacity: 1; } }
  .plot { position: relative; height: 100%; border-radius: 4px; cursor: crosshair; touch-action: pan-y; user-select: none; }
  .plot-nothing { position: absolute; inset: 35% 16px auto; margin: 0; text-align: center; pointer-events: none; }
  .crosshair, .selection { position: absolute; left: 0; pointer-events: none; }
  .crosshair { background: var(--vscode-foreground); opacity: 0.55; }
  .selection { background: color-mix(in srgb, var(--vscode-focusBorder) 25%, transparent); border: 1px solid var(--vscode-focusBorder); border-width: 0 1px; }
  .problem { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 10px; height: 100%; padding: 8px 20px; text-align: center; overflow: auto; }
  .problem p { margin: 0; color: var(--vscode-errorForeground); overflow-wrap: anywhere; }
  .problem + .plot { height: calc(100% - 84px); }
  .card-body > .problem:not(:only-child) { height: 84px; }

  .curve-swatch { display: block; flex: none; }
  .curve-swatch line { stroke: var(--run); stroke-width: 2.4; }
  .swatch { display: inline-block; width: 9px; height: 9px; margin-right: 6px; border-radius: 2px; background: var(--run); }
  .data-table { height: 100%; overflow: auto; border-radius: 4px; }
  .data-table table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  .data-table th, .data-table td { padding: 2px 8px; text-align: right; white-space: nowrap; }
  .data-table thead th { position: sticky; top: 0; background: var(--vscode-editor-background); font-weight: 600; max-width: 140px; overflow: hidden; text-overflow: ellipsis; box-shadow: inset 0 -1px color-mix(in srgb, var(--vscode-foreground) 20%, transparent); }
  .data-table tbody th { font-weight: 400; color: var(--vscode-descriptionForeground); }
  .data-table tbody tr:hover { background: var(--vscode-list-hoverBackground); }

  .readout {
    position: fixed;
    left: 0;
    top: 0;
    z-index: 10;
    max-width: 460px;
    padding: 6px 10px 8px;
    pointer-events: none;
    color: var(--vscode-editorHoverWidget-foreground);
    background: var(--vscode-editorHoverWidget-background);
    border: 1px solid var(--vscode-editorHoverWidget-border);
    border-radius: 6px;
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    font-size: 0.92em;
  }
  .readout.held { pointer-events: auto; border-color: var(--vscode-focusBorder); }
  .readout-top { display: flex; align-items: flex-start; gap: 8px; }
  .readout-top .readout-head { flex: 1; padding-top: 3px; }
  .readout-rows { max-height: 320px; min-width: 220px; overflow: auto; margin-right: -8px; padding-right: 8px; border-radius: 3px; }
  .readout-rows:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
  .readout-head { display: flex; gap: 16px; justify-content: space-between; padding-bottom: 4px; min-width: 0; }
  .readout-head strong { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
  .readout-head span { color: var(--vscode-descriptionForeground); white-space: nowrap; }
  .readout table { border-collapse: collapse; width: 100%; }
  .readout tr { height: 20px; }
  .readout td { padding: 0; white-space: nowrap; }
  .readout tr.nearest td { background: var(--vscode-list-hoverBackground); font-weight: 600; }
  .readout td:first-child { width: 28px; padding-right: 6px; }
  .readout .name { max-width: 210px; padding-right: 16px; overflow: hidden; text-overflow: ellipsis; }
  .readout .value { padding-left: 8px; text-align: right; font-variant-numeric: tabular-nums; }
`;
