import { css } from 'lit';

/** Around the grid: toolbar, chooser, footer, menus, and what stands where there are no rows. */
export const tableStyles = css`
  .table-main { display: flex; flex: 1; flex-direction: column; min-height: 0; }
  .table-columns { position: relative; display: flex; flex: 1; min-height: 0; }
  flowdeck-filter-box { flex: 1 1 260px; min-width: 0; }
  .toolbar-buttons, .groups { display: inline-flex; align-items: center; gap: 4px; }
  .groups { gap: 6px; flex-wrap: wrap; }
  .toolbar-buttons { margin-left: auto; }
  .chip { display: inline-flex; align-items: center; gap: 2px; padding: 0 2px 0 8px; border-radius: 4px; line-height: 22px; color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
  .chip-remove { display: grid; place-items: center; width: 18px; height: 18px; padding: 0; border: 0; border-radius: 3px; background: none; color: inherit; cursor: pointer; }
  .chip-remove .icon { width: 12px; height: 12px; }
  .groups .select { height: 24px; padding: 0 4px; font: inherit; color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border: 1px solid var(--vscode-dropdown-border); border-radius: 4px; }
  .groups .select:focus-visible, .chooser-list:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .text-input { height: 26px; padding: 0 8px; font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; }
  .text-input::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; }
  .text-input:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }

  .table-footer { display: flex; flex: none; flex-wrap: wrap; align-items: center; gap: 0 14px; min-height: 28px; padding: 0 12px; line-height: 24px; border-top: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); font-size: 0.92em; white-space: nowrap; overflow: hidden; }
  .footer-count { font-variant-numeric: tabular-nums; }
  .footer-cell { flex: 1 1 40px; min-width: 40px; overflow: hidden; text-overflow: ellipsis; text-align: right; }
  .footer-message { padding: 1px 8px; border-radius: 4px; color: var(--vscode-inputValidation-infoForeground, var(--vscode-foreground)); background: var(--vscode-inputValidation-infoBackground); border: 1px solid var(--vscode-inputValidation-infoBorder, transparent); }
  .table-main .link-button { border-radius: 3px; font-size: inherit; }
  .link-button:disabled { color: var(--vscode-disabledForeground); text-decoration: none; cursor: default; }
  .patient { display: inline-flex; align-items: center; gap: 10px; animation: appear 0.2s 0.3s both; }
  @keyframes appear { from { opacity: 0; } }
  .load-progress { width: 120px; height: 4px; appearance: none; border: 0; border-radius: 2px; overflow: hidden; background: var(--vscode-editorWidget-background); }
  .load-progress::-webkit-progress-bar { background: color-mix(in srgb, var(--vscode-foreground) 16%, transparent); }
  .load-progress::-webkit-progress-value { background: var(--vscode-progressBar-background); }

  .table-empty { position: absolute; inset: 44px 0 0; display: flex; flex-direction: column; align-items: center; padding: 48px 24px; text-align: center; }
  .table-empty h2 { margin: 0 0 8px; font-size: 1.15em; font-weight: 600; }
  .table-empty p { max-width: 60ch; margin: 0 0 16px; color: var(--vscode-descriptionForeground); }
  .table-empty code { padding: 1px 4px; border-radius: 3px; font-family: var(--vscode-editor-font-family); font-size: 0.92em; color: var(--vscode-textPreformat-foreground); background: var(--vscode-textPreformat-background); overflow-wrap: anywhere; white-space: pre-wrap; }
  .grid-bones { position: absolute; inset: 41px 0 0; overflow: hidden; background: var(--vscode-editor-background); }
  .bone-row { position: relative; height: 26px; }
  .bone { position: absolute; top: 8px; height: 10px; border-radius: 3px; background: color-mix(in srgb, var(--vscode-foreground) 10%, transparent); animation: breathe 1.6s ease-in-out infinite; }
  .vscode-high-contrast .bone { background: color-mix(in srgb, var(--vscode-foreground) 28%, transparent); }
  @keyframes breathe { 50% { opacity: 0.45; } }

  flowdeck-column-chooser { display: flex; flex: none; flex-direction: column; width: 300px; min-height: 0; border-left: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); background: var(--vscode-sideBar-background, var(--vscode-editor-background)); }
  .chooser-head { display: flex; align-items: center; gap: 8px; padding: 6px 8px 4px 14px; }
  .chooser-head h2 { margin: 0; font-size: 1em; font-weight: 600; }
  .chooser-search { flex: none; margin: 2px 12px 8px; }
  .chooser-switches { display: grid; grid-template-columns: auto auto; gap: 6px 12px; padding: 0 14px 10px; border-bottom: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); font-size: 0.92em; }
  .chooser-switches .switch { display: flex; align-items: flex-start; gap: 6px; cursor: pointer; }
  .chooser-switches .switch .quiet { display: block; font-size: 0.92em; }
  .chooser-list { flex: 1; min-height: 0; overflow: auto; outline: none; padding: 4px 0; }
  .chooser-body { position: relative; }
  .chooser-line { position: absolute; left: 0; right: 0; display: flex; align-items: center; gap: 5px; height: 24px; padding-right: 8px; cursor: pointer; }
  .chooser-line:hover { background: var(--vscode-list-hoverBackground); }
  .chooser-line.folder { color: var(--vscode-foreground); }
  .chooser-list:focus .chooser-line.active { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; background: var(--vscode-list-focusBackground, transparent); }
  .chooser-label { flex: 0 1 auto; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .chooser-line .count-badge { margin-left: auto; }
  .chooser-line .box { display: grid; place-items: center; flex: none; width: 16px; height: 16px; border: 1px solid var(--vscode-checkbox-border); border-radius: 3px; color: var(--vscode-checkbox-foreground, var(--vscode-foreground)); background: var(--vscode-checkbox-background); }
  .chooser-line .box .icon { width: 13px; height: 13px; }
  .chooser-line .box.mixed::after { content: ''; width: 8px; height: 2px; background: currentColor; }
  .chooser-line .box.fixed { opacity: 0.5; }
  .chooser-none { position: absolute; top: 180px; right: 0; width: 300px; padding: 0 14px; text-align: center; }

  .menu { position: fixed; z-index: 50; min-width: 200px; max-width: 420px; max-height: calc(100vh - 8px); padding: 4px 0; overflow: auto; color: var(--vscode-menu-foreground); background: var(--vscode-menu-background); border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder, transparent)); border-radius: 6px; box-shadow: 0 2px 8px var(--vscode-widget-shadow); }
  .menu-item { display: flex; align-items: center; gap: 6px; width: calc(100% - 8px); margin: 0 4px; padding: 3px 12px 3px 4px; border: 1px solid transparent; border-radius: 4px; background: none; text-align: left; cursor: pointer; }
  .menu-item:hover, .menu-item:focus { outline: none; color: var(--vscode-menu-selectionForeground); background: var(--vscode-menu-selectionBackground); border-color: var(--vscode-menu-selectionBorder, transparent); }
  .menu-item[aria-disabled='true'] { color: var(--vscode-disabledForeground); background: none; cursor: default; }
  .menu-check { flex: none; width: 18px; }
  .menu-label { flex: 1; }
  .menu-hint { font: inherit; opacity: 0.75; padding-left: 16px; }
  .menu-separator { height: 1px; margin: 4px 0; background: var(--vscode-menu-separatorBackground); }
  .menu-question { padding: 4px 12px 6px; font-weight: 600; }
`;
