import { css } from 'lit';
import { cardStyles } from './cardStyles';

const runColors = Array.from({ length: 12 }, (_, at) => at + 1)
  .map((color) => `.run-${color} { --run: var(--vscode-flowdeck-run${color}); }`)
  .join('\n');

const styles = css`
  *, *::before, *::after { box-sizing: border-box; }
  html, body { height: 100%; }
  body {
    margin: 0;
    padding: 0;
    overflow: hidden;
    color: var(--vscode-foreground);
    background: var(--vscode-editor-background);
    font: var(--vscode-font-weight) var(--vscode-font-size) / 1.4 var(--vscode-font-family);
  }
  [hidden] { display: none !important; }
  flowdeck-charts { display: flex; flex-direction: column; height: 100vh; }
  .columns { display: flex; flex: 1; min-height: 0; }
  .columns > main { flex: 1; min-width: 0; overflow: auto; padding: 12px 16px 32px; outline: none; }
  .quiet { color: var(--vscode-descriptionForeground); }
  .icon { display: block; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  button { font: inherit; color: inherit; }
  button:focus-visible, input:focus-visible, .plot:focus-visible, .data-table:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }

  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 14px;
    min-height: 41px;
    padding: 6px 12px;
    border-bottom: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
    background: var(--vscode-editor-background);
  }
  .toolbar .search { width: 190px; }
  .spring { flex: 1; }
  .icon-button {
    display: inline-grid;
    place-items: center;
    width: 24px;
    height: 24px;
    padding: 0;
    border: 1px solid transparent;
    border-radius: 5px;
    background: none;
    color: var(--vscode-icon-foreground);
    cursor: pointer;
  }
  .icon-button:hover { background: var(--vscode-toolbar-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); }
  .icon-button[aria-pressed='true'] {
    color: var(--vscode-inputOption-activeForeground);
    background: var(--vscode-inputOption-activeBackground);
    border-color: var(--vscode-inputOption-activeBorder, transparent);
  }
  .segments { display: inline-flex; border: 1px solid var(--vscode-checkbox-border, var(--vscode-contrastBorder)); border-radius: 4px; overflow: hidden; }
  .segments label { position: relative; cursor: pointer; }
  .segments label + label { border-left: 1px solid var(--vscode-checkbox-border, var(--vscode-contrastBorder)); }
  .segments input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
  .segments span { display: block; padding: 2px 10px; line-height: 18px; }
  .segments label:hover span { background: var(--vscode-toolbar-hoverBackground); }
  .segments input:checked + span {
    color: var(--vscode-inputOption-activeForeground);
    background: var(--vscode-inputOption-activeBackground);
    box-shadow: inset 0 0 0 1px var(--vscode-inputOption-activeBorder, transparent);
  }
  .segments input:focus-visible + span { outline: 1px solid var(--vscode-focusBorder); outline-offset: -2px; }
  .smoothing { display: inline-flex; align-items: center; gap: 8px; }
  .smoothing input { width: 96px; height: 16px; margin: 0; accent-color: var(--vscode-focusBorder); }
  .smoothing output { min-width: 4ch; font-variant-numeric: tabular-nums; color: var(--vscode-descriptionForeground); }
  .live { display: inline-flex; align-items: center; gap: 6px; color: var(--vscode-descriptionForeground); }
  .live-dot { width: 7px; height: 7px; border-radius: 50%; background: var(--vscode-charts-green); animation: pulse 2s ease-in-out infinite; }
  @keyframes pulse { 50% { opacity: 0.35; } }

  .banner {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 6px 14px;
    background: var(--vscode-inputValidation-warningBackground);
    color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
    border-bottom: 1px solid var(--vscode-inputValidation-warningBorder);
  }
  .banner span { flex: 1; }
  .banner b { font-weight: 600; }

  aside { width: 216px; flex: none; overflow: auto; padding: 12px 8px 16px 12px; border-right: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); }
  .legend-head { display: flex; align-items: baseline; gap: 8px; padding: 0 4px 8px; }
  .legend-head h2 { margin: 0; font-size: 1em; font-weight: 600; }
  .legend-head .quiet { flex: 1; font-size: 0.9em; white-space: nowrap; }
  .link-button { padding: 0; border: 0; background: none; color: var(--vscode-textLink-foreground); cursor: pointer; font-size: 0.9em; white-space: nowrap; }
  .link-button:hover { text-decoration: underline; }
  aside ul { list-style: none; margin: 0; padding: 0; }
  aside li { display: flex; align-items: center; gap: 8px; height: 26px; padding: 0 4px; border-radius: 4px; }
  aside li:hover { background: var(--vscode-list-hoverBackground); }
  aside li.off .run-name, aside li.off .status { opacity: 0.75; }
  .run-check { appearance: none; flex: none; width: 13px; height: 13px; margin: 0; border: 2px solid var(--run); border-radius: 3px; cursor: pointer; }
  .run-check:checked { background: var(--run); }
  .run-name { flex: 1; min-width: 0; padding: 2px 0; border: 0; background: none; text-align: left; cursor: pointer; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .run-name:hover { color: var(--vscode-textLink-foreground); text-decoration: underline; }
  .status { flex: none; color: var(--vscode-descriptionForeground); }
  .status-finished { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
  .status-failed { color: var(--vscode-testing-iconFailed, var(--vscode-errorForeground)); }
  .status-running { color: var(--vscode-charts-blue, var(--vscode-textLink-foreground)); }
  .status-running .icon { animation: spin 1.6s linear infinite; }
  @keyframes spin { to { transform: rotate(360deg); } }

  section + section { margin-top: 18px; }
  section > h2 { margin: 0 0 8px; font-size: 1em; font-weight: 600; }
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
  .empty, .failed { padding: 72px 24px; text-align: center; }
  .empty { color: var(--vscode-descriptionForeground); }
  .failed h1 { margin: 0 0 8px; font-size: 1.25em; font-weight: 600; }
  .failed p { max-width: 62ch; margin: 0 auto 16px; color: var(--vscode-descriptionForeground); }
  @media (max-width: 620px) { aside { width: 148px; } }
  @media (prefers-reduced-motion: reduce) { *, *::before { animation: none !important; } .skeleton { opacity: 1 !important; } }
`;

/** The page's style sheet, with the colours of runs that package.json contributes. */
export function adoptStyles(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${styles.cssText}\n${cardStyles.cssText}\n${runColors}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
