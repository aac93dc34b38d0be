export interface ChartColors {
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly border: string;
  readonly background: string;
  readonly font: string;
  readonly fontSize: number;
  readonly highContrast: boolean;
  /** Ends of a range of values. */
  readonly low: string;
  readonly high: string;
  run(color: number): string;
}

/** The colours of the theme in force, read from VS Code's variables. */
export function chartColors(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const variable = (name: string, fallback: string) => style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const foreground = variable('foreground', 'CanvasText');
  const kind = document.body.dataset.vscodeThemeKind ?? '';
  const highContrast = kind.startsWith('vscode-high-contrast');
  return {
    foreground,
    muted: highContrast ? foreground : variable('descriptionForeground', foreground),
    grid: mixed(foreground, highContrast ? 30 : 10),
    border: highContrast ? variable('contrastBorder', foreground) : mixed(foreground, 22),
    background: variable('editor-background', 'Canvas'),
    font: variable('font-family', 'sans-serif'),
    fontSize: 11,
    highContrast,
    low: variable('flowdeck-run1', foreground),
    high: variable('flowdeck-run2', foreground),
    run: (color) => variable(`flowdeck-run${color}`, foreground),
  };
}

/** A colour with `percent` of its strength. */
export function mixed(color: string, percent: number): string {
  return `color-mix(in srgb, ${color} ${percent}%, transparent)`;
}

/** Calls back when VS Code put other colours into the page. */
export function onThemeChange(listener: () => void): { dispose(): void } {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
  return { dispose: () => observer.disconnect() };
}
