import { type CSSResult, css, unsafeCSS } from 'lit';
import { runColorCount } from '../../src/shared/runColor';

const runColors = Array.from({ length: runColorCount }, (_, at) => at + 1)
  .map((color) => `.run-${color} { --run: var(--vscode-flowdeck-run${color}); }`)
  .join('\n');

/** What every tab of the page uses. */
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
  flowdeck-runs { display: flex; flex-direction: column; height: 100vh; }
  flowdeck-runs > main { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  .tab-panel { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  .tab-panel > * { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  .quiet { color: var(--vscode-descriptionForeground); }
  .icon { display: block; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  button { font: inherit; color: inherit; }
  button:focus-visible, input:focus-visible, .plot:focus-visible, .data-table:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }

  .tabs { display: flex; flex: none; gap: 2px; padding: 0 10px; border-bottom: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); }
  .tab { display: inline-flex; align-items: center; gap: 6px; height: 34px; padding: 0 10px; border: 0; border-bottom: 2px solid transparent; background: none; color: var(--vscode-panelTitle-inactiveForeground); cursor: pointer; }
  .tab:hover { color: var(--vscode-panelTitle-activeForeground); }
  .tab[aria-selected='true'] { color: var(--vscode-panelTitle-activeForeground); border-bottom-color: var(--vscode-panelTitle-activeBorder); }
  .button {
    padding: 3px 11px;
    border: 1px solid var(--vscode-button-border, transparent);
    border-radius: 4px;
    line-height: 18px;
    color: var(--vscode-button-foreground);
    background: var(--vscode-button-background);
    cursor: pointer;
  }
  .button:hover { background: var(--vscode-button-hoverBackground); }
  .button.secondary { color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
  .button.secondary:hover { background: var(--vscode-button-secondaryHoverBackground); }
  .button:is(:disabled, [aria-disabled='true']), .icon-button:disabled { opacity: 0.45; cursor: default; }

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
  .icon-button:hover { background: var(--vscode-toolbar-hoverBackground); }
  .icon-button:hover:not(:focus-visible) { outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); }
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

  .link-button { padding: 0; border: 0; background: none; color: var(--vscode-textLink-foreground); cursor: pointer; font-size: 0.9em; white-space: nowrap; }
  .link-button:hover { text-decoration: underline; }
  .status { flex: none; color: var(--vscode-descriptionForeground); }
  .status-finished { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
  .status-failed { color: var(--vscode-testing-iconFailed, var(--vscode-errorForeground)); }
  .status-running { color: var(--vscode-charts-blue, var(--vscode-textLink-foreground)); }
  .status-running .icon { animation: spin 1.6s linear infinite; }
  @keyframes spin { to { transform: rotate(360deg); } }

  .empty, .failed { padding: 72px 24px; text-align: center; }
  .empty { color: var(--vscode-descriptionForeground); }
  .failed h1 { margin: 0 0 8px; font-size: 1.25em; font-weight: 600; }
  .failed p { max-width: 62ch; margin: 0 auto 16px; color: var(--vscode-descriptionForeground); }
  @media (prefers-reduced-motion: reduce) { *, *::before { animation: none !important; } .skeleton { opacity: 1 !important; } }

  ${unsafeCSS(runColors)}
`;

/** The page's style sheet, with the colours of runs that package.json contributes. */
export function adoptStyles(): void {
  adoptSheet(styles);
}

/** Adds the style sheet of a part. */
export function adoptSheet(css: CSSResult): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css.cssText);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
