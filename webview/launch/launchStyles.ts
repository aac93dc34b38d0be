import { css } from 'lit';

export const launchStyles = css`
  flowdeck-launch, .launch-page { display: flex; flex-direction: column; height: 100vh; }
  .form { flex: 1; min-height: 0; overflow-y: auto; padding: 22px 28px 28px; }
  .form > * { max-width: 780px; }
  .form-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; margin-bottom: 4px; }
  .form-head h1 { margin: 0; font-size: 1.5em; font-weight: 600; }
  .form-command { margin: 0 0 14px; padding: 6px 10px; border-radius: 4px; overflow-x: auto; white-space: pre; font-family: var(--vscode-editor-font-family); font-size: 0.92em; background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
  .form-bar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; margin-bottom: 6px; }
  .form h2 { margin: 22px 0 8px; padding-bottom: 4px; font-size: 1.05em; font-weight: 600; border-bottom: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); }
  .field { display: grid; grid-template-columns: minmax(100px, 200px) minmax(0, 1fr) 78px; gap: 2px 12px; align-items: center; padding: 4px 0; }
  .field > label, .field > .label { overflow-wrap: anywhere; }
  .field .type { margin-left: 6px; font-size: 0.88em; color: var(--vscode-descriptionForeground); }
  .field .tools { display: inline-flex; flex-direction: row-reverse; gap: 4px; justify-content: flex-end; }
  .field.extra .tools { flex-direction: row; justify-content: flex-start; }
  .form-add { margin-top: 4px; }
  .field .segments { justify-self: start; }
  .form .icon-button { border: 1px solid var(--vscode-contrastBorder, transparent); }
  .form .vary { border-color: var(--vscode-contrastBorder, var(--vscode-input-border, transparent)); width: auto; padding: 0 7px; font-size: 0.92em; }
  .form .vary[aria-pressed='true'] { box-shadow: inset 0 0 0 1px var(--vscode-inputOption-activeBorder, transparent); }
  @media (max-width: 520px) { .form, .form-foot { padding-left: 14px; padding-right: 14px; } .field { grid-template-columns: minmax(0, 1fr) 78px; } .field > label, .field > .label, .field > .name, .field .problem, .field .hint { grid-column: 1 / -1; } }
  .field .problem, .field .hint { grid-column: 2 / -1; margin: 0; font-size: 0.9em; }
  .problem { color: var(--vscode-errorForeground); }
  .vscode-light .problem { color: color-mix(in srgb, var(--vscode-errorForeground) 75%, black); }
  .hint { color: var(--vscode-descriptionForeground); }
  .form .text-input { width: 100%; height: 26px; padding: 0 8px; font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 4px; }
  .form textarea.text-input { height: auto; min-height: 52px; padding: 4px 8px; font-family: var(--vscode-editor-font-family); resize: vertical; }
  .form select.text-input { color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border-color: var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent)); }
  .form .text-input::placeholder { color: var(--vscode-input-placeholderForeground); opacity: 1; }
  .form .text-input:focus { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
  .form .text-input[aria-invalid='true'] { border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground)); }
  .form .value, .form .name { font-family: var(--vscode-editor-font-family); }
  .form .narrow { width: 110px; }
  .form .inline { display: inline-flex; align-items: center; gap: 8px; }
  .form .inline select.text-input { width: auto; min-width: 130px; max-width: 320px; }
  .form-foot { flex: none; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 10px; padding: 10px 28px; border-top: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent)); background: var(--vscode-editor-background); }
  .form-foot p { margin: 0; }
  .form-note { padding: 40px 28px; color: var(--vscode-descriptionForeground); }
`;
