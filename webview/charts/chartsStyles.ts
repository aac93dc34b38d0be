import { css } from 'lit';

/** The charts tab around its cards: toolbar, list of runs, sections. */
export const chartsStyles = css`
  .columns { display: flex; flex: 1; min-height: 0; }
  .columns > .chart-area { flex: 1; min-width: 0; overflow: auto; padding: 12px 16px 32px; outline: none; }
  .columns > .chart-area:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .toolbar .search { flex: 100 1 96px; max-width: 168px; }
  .toolbar-end { display: inline-flex; align-items: center; gap: 4px; }
  .smoothing { display: inline-flex; align-items: center; gap: 8px; }
  .smoothing input { width: 96px; height: 16px; margin: 0; accent-color: var(--vscode-focusBorder); }
  .smoothing output { min-width: 5ch; font-variant-numeric: tabular-nums; color: var(--vscode-descriptionForeground); }
  .live { display: inline-flex; align-items: center; gap: 6px; color: var(--vscode-descriptionForeground); }
  .live-dot { width: 7px; height: 7px; border-radius: 50%; background: var(--vscode-charts-green); animation: pulse 2s ease-in-out infinite; }
  @keyframes pulse { 50% { opacity: 0.35; } }

  .legend { width: 216px; flex: none; overflow: auto; padding: 12px 8px 16px 12px; border-right: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); }
  .legend-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 8px; padding: 0 4px 8px; }
  .legend-head h2 { margin: 0; font-size: 1em; font-weight: 600; }
  .legend-head .quiet { flex: 1 0 auto; font-size: 0.9em; }
  .chosen-runs { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; margin: 0; padding: 0 4px 8px; font-size: 0.9em; }
  .chosen-runs select { font: inherit; color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder)); border-radius: 3px; padding: 0 2px; }
  .legend ul { list-style: none; margin: 0; padding: 0; }
  .legend li { display: flex; align-items: center; gap: 8px; height: 26px; padding: 0 4px; border-radius: 4px; }
  .legend li.nearest { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
  .legend li:hover { background: var(--vscode-list-hoverBackground); }
  .legend li.off .run-name, .legend li.off .status { opacity: 0.75; }
  .run-check { appearance: none; flex: none; width: 13px; height: 13px; margin: 0; border: 2px solid var(--run); border-radius: 3px; cursor: pointer; }
  .run-check:checked { background: var(--run); }
  .run-name { flex: 1; min-width: 0; padding: 2px 0; border: 0; background: none; text-align: left; cursor: pointer; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .run-name:hover { color: var(--vscode-textLink-foreground); text-decoration: underline; }
  section + section { margin-top: 18px; }
  section > h2 { display: flex; align-items: center; gap: 4px; margin: 0 0 8px; font-size: 1em; font-weight: 600; }
  .search-problem { max-width: 260px; color: var(--vscode-errorForeground); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .section-head { display: inline-flex; align-items: center; gap: 4px; padding: 2px 6px 2px 0; border: 0; border-radius: 4px; background: none; font-weight: 600; cursor: pointer; }
  .section-head:hover { background: var(--vscode-toolbar-hoverBackground); }
  .section-head[aria-expanded='true'] .chevron { transform: rotate(90deg); }
  .section-head .count {
    margin-left: 6px;
    padding: 0 6px;
    border-radius: 9px;
    font-size: 0.85em;
    font-weight: 400;
    color: var(--vscode-badge-foreground);
    background: var(--vscode-badge-background);
    border: 1px solid var(--vscode-contrastBorder, transparent);
  }
  .more { display: flex; align-items: center; justify-content: center; gap: 12px; padding: 12px; color: var(--vscode-descriptionForeground); }
  @media (max-width: 620px) { .legend { width: 148px; } }
`;
