/** Larger files are generated. */
const mostCharacters = 1_000_000;

/**
 * The line of a script above which it is offered to be run; undefined where that would be noise: a module that others
 * import, or a script that has nothing to do with MLflow.
 * @param text of a `.py`, `.sh` or `.R` file, which `language` tells: VS Code's `python`, `shellscript` or `r`
 */
export function runLineOf(language: string, text: string): number | undefined {
  const content = text.slice(0, mostCharacters);
  if (!/mlflow/i.test(content)) return undefined;
  if (language !== 'python') return 0;
  const lines = content.split('\n');
  const main = lines.findIndex((line) => /^if\s+__name__\s*==\s*['"]__main__['"]/.test(line));
  if (main >= 0) return main;
  // What stands at the margin is done as the file is run, or imported: and nobody imports what starts a run.
  const starts = /^(?!\s|#|def |class |import |from ).*\bmlflow\.(start_run|set_experiment|log_\w+|\w*\.?autolog)\(/;
  const start = lines.findIndex((line) => starts.test(line));
  return start >= 0 ? start : undefined;
}
