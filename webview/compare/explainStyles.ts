import { css } from 'lit';

/** What explains a metric, and the report's dialog. */
export const explainStyles = css`
  flowdeck-explain { flex: 1; min-height: 0; display: flex; flex-direction: column; overflow: auto; padding: 12px 16px 32px; }
  .explain-head { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; }
  .explain-head label { display: inline-flex; align-items: center; gap: 8px; }
  .explain-head input { width: 260px; }
  .explain-basis { margin: 8px 0 14px; color: var(--vscode-descriptionForeground); }
  .explain-table { border-collapse: collapse; width: 100%; max-width: 980px; font-variant-numeric: tabular-nums; }
  .explain-table th, .explain-table td { padding: 4px 12px 4px 0; text-align: left; font-weight: 400; border-bottom: 1px solid color-mix(in srgb, var(--vscode-foreground) 8%, transparent); }
  .explain-table thead th { font-weight: 600; white-space: nowrap; border-bottom-color: var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); }
  .explain-table .number { text-align: right; white-space: nowrap; }
  .explain-table tbody th { max-width: 320px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .explain-table .bar-cell { width: 40%; min-width: 160px; }
  .strength { position: relative; display: block; height: 12px; border-radius: 2px; background: color-mix(in srgb, var(--vscode-foreground) 7%, transparent); }
  .strength::after { content: ''; position: absolute; left: 50%; top: -2px; bottom: -2px; width: 1px; background: color-mix(in srgb, var(--vscode-foreground) 45%, transparent); }
  .strength i { position: absolute; top: 0; bottom: 0; border-radius: 2px; background: var(--vscode-charts-blue); }
  .strength i.negative { background: var(--vscode-charts-red); }
  .strength i.without { background: var(--vscode-charts-purple); }
  .vscode-high-contrast .strength, .vscode-high-contrast-light .strength { border: 1px solid var(--vscode-contrastBorder); }
  .explain-left { margin: 14px 0 0; padding: 0; list-style: none; color: var(--vscode-descriptionForeground); }

  .report { width: min(560px, 92vw); max-height: 86vh; padding: 0; border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)); border-radius: 8px; color: var(--vscode-foreground); background: var(--vscode-editorWidget-background); box-shadow: 0 4px 16px var(--vscode-widget-shadow, transparent); }
  .report::backdrop { background: rgb(0 0 0 / 35%); }
  .report form { display: flex; flex-direction: column; gap: 10px; max-height: 86vh; padding: 16px 18px; }
  .report h2 { margin: 0; font-size: 1.15em; font-weight: 600; }
  .report p { margin: 0; color: var(--vscode-descriptionForeground); }
  .report label.field { display: flex; flex-direction: column; align-items: stretch; gap: 4px; }
  .report fieldset { min-height: 0; display: flex; flex-direction: column; gap: 6px; margin: 0; padding: 0; border: 0; }
  .report legend { padding: 0 0 4px; font-weight: 600; }
  .report .metrics { max-height: 34vh; overflow: auto; margin: 0; padding: 2px; list-style: none; }
  .report .metrics label { display: flex; align-items: center; gap: 8px; padding: 2px 0; overflow-wrap: anywhere; }
  .report input[type='checkbox'] { flex: none; accent-color: var(--vscode-focusBorder); margin: 0; }
  .report .buttons { display: flex; justify-content: flex-end; gap: 8px; }
  .report .said { min-height: 1.4em; }
`;
