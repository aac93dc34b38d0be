import { css } from 'lit';

/** The drawer of one run, the editor over a cell, and the bar of selected rows. */
export const detailsStyles = css`
  flowdeck-run-details { display: flex; flex: none; flex-direction: column; width: min(400px, 60vw); min-height: 0; border-left: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
  .details-head { display: flex; flex: none; align-items: center; gap: 10px; padding: 8px 8px 6px 16px; }
  .details-head h2 { flex: 1; min-width: 0; margin: 0; font-size: 1.08em; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .details-status { display: inline-flex; align-items: center; gap: 5px; }
  .details-body { flex: 1; min-height: 0; overflow: auto; padding: 2px 16px 20px; }
  .details-none { padding: 16px; }
  .details-body h3 { margin: 16px 0 4px; font-size: 1em; font-weight: 600; }
  .details-body h3 .quiet { font-weight: 400; }
  .details-facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; line-height: 22px; }
  .details-facts dt { color: var(--vscode-descriptionForeground); }
  .details-facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
  .details-facts .icon-button { width: 20px; height: 20px; vertical-align: middle; }
  .details-body code { font-family: var(--vscode-editor-font-family, monospace); font-size: 0.92em; }
  .details-buttons { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 10px 0 0; }
  .details-heading { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; }
  .details-find { width: 100%; margin-top: 18px; }
  .details-table { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: 0.96em; }
  .details-table th, .details-table td { padding: 2px 8px 2px 0; font-weight: 400; text-align: left; vertical-align: top; border-top: 1px solid color-mix(in srgb, var(--vscode-foreground) 9%, transparent); overflow-wrap: anywhere; }
  .details-table th { width: 44%; color: var(--vscode-descriptionForeground); }
  .details-table .number { text-align: right; font-variant-numeric: tabular-nums; }
  .details-table .number.quiet { width: 72px; padding-right: 0; }
  .details-value { position: relative; white-space: pre-wrap; }
  .details-tools { position: absolute; top: 0; right: 0; display: none; background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
  .details-table tr:hover .details-tools, .details-tools:focus-within { display: inline-flex; }
  @media (hover: none) { .details-tools { display: inline-flex; position: static; } }
  .details-tools .icon-button { width: 22px; height: 22px; }
  .details-list { margin: 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
  .details-problem { margin: 6px 0 0; color: var(--vscode-errorForeground); }
  textarea.description-input { width: 100%; height: auto; padding: 6px 8px; margin-top: 6px; resize: vertical; font-family: var(--vscode-editor-font-family, monospace); }
  .markdown { overflow-wrap: anywhere; }
  .markdown.preview { min-height: 120px; margin-top: 6px; padding: 6px 8px; border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 20%, transparent))); border-radius: 4px; }
  .markdown > :first-child { margin-top: 0; }
  .markdown p, .markdown ul, .markdown ol, .markdown pre, .markdown blockquote, .markdown table { margin: 6px 0; }
  .markdown ul, .markdown ol { padding-left: 22px; }
  .markdown h4 { margin: 10px 0 4px; font-size: 1em; font-weight: 600; }
  .markdown .markdown-1 { font-size: 1.2em; }
  .markdown .markdown-2 { font-size: 1.1em; }
  .markdown a { color: var(--vscode-textLink-foreground); }
  .markdown a:focus-visible, .details-body :focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }
  .markdown code { padding: 1px 3px; border-radius: 3px; color: var(--vscode-textPreformat-foreground); background: var(--vscode-textPreformat-background); }
  .markdown pre { padding: 8px; overflow: auto; border-radius: 4px; background: var(--vscode-textCodeBlock-background); }
  .markdown pre code { padding: 0; color: inherit; background: none; }
  .markdown blockquote { padding-left: 10px; border-left: 3px solid var(--vscode-textBlockQuote-border); }
  .markdown table { border-collapse: collapse; }
  .markdown th, .markdown td { padding: 2px 8px; border: 1px solid color-mix(in srgb, var(--vscode-foreground) 20%, transparent); text-align: left; }

  .menu .menu-hint { padding: 0 0 0 24px; color: inherit; background: none; border: 0; box-shadow: none; }

  .cell-editor { position: fixed; z-index: 45; padding: 0 6px; font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-focusBorder); border-radius: 2px; outline: none; resize: none; }
  textarea.cell-editor { padding: 3px 6px; }

  .selection-place { position: absolute; z-index: 20; left: 12px; right: 12px; bottom: 14px; display: flex; justify-content: center; pointer-events: none; container-type: inline-size; }
  .selection-bar { display: flex; align-items: center; gap: 2px; padding: 4px 6px 4px 14px; white-space: nowrap; pointer-events: auto; color: var(--vscode-editorWidget-foreground, var(--vscode-foreground)); background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent)); border-radius: 6px; box-shadow: 0 2px 10px var(--vscode-widget-shadow); }
  @container (max-width: 700px) { .bar-button span { display: none; } }
  .selection-bar b { margin-right: 8px; font-weight: 600; font-variant-numeric: tabular-nums; }
  .bar-button { display: inline-flex; align-items: center; gap: 5px; height: 26px; padding: 0 8px; border: 1px solid transparent; border-radius: 4px; background: none; cursor: pointer; }
  .bar-button:hover { background: var(--vscode-toolbar-hoverBackground); border-color: var(--vscode-contrastActiveBorder, transparent); }
  .bar-button .icon { color: var(--vscode-icon-foreground); }
`;
