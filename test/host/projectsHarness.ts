import fs from 'node:fs';
import path from 'node:path';
import { workspaceFolder } from './connectionsHarness';

/** The project that is launched. */
export const root = () => path.join(workspaceFolder(), 'launching');
export const canary = () => path.join(root(), 'canary');
/** Would run a program wherever a shell reads it, and swallow the rest of the line. */
export const evil = () => `"; touch ${canary()} # $(touch ${canary()}) 'it`;

export const mlproject = `name: launching
entry_points:
  main:
    parameters:
      text: {type: string, default: nothing}
      rate: {type: float, default: 0.5}
      folder: {type: path, default: .}
    command: "python write.py out.json {text} {rate} {folder}"
  needy:
    parameters: {must: float}
    command: "python write.py needy.json {must}"
  fails:
    command: "python -c 'import sys; sys.exit(3)'"
  forever:
    command: "python forever.py"
`;
const files: Readonly<Record<string, string>> = {
  'launching/MLproject': mlproject,
  'launching/write.py':
    'import json, os, sys\njson.dump({"argv": sys.argv[2:], "cwd": os.getcwd(), "run": os.environ["MLFLOW_RUN_ID"]}, open(sys.argv[1], "w"))\nprint("\\x1b[32mgreen\\x1b[0m", sys.stdout.isatty())\n',
  'launching/forever.py': `import os, signal, subprocess, sys, time
signal.signal(signal.SIGHUP, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import signal, time\\nfor n in (1, 2): signal.signal(n, signal.SIG_IGN)\\ntime.sleep(600)"], start_new_session=True)
open(os.environ["MLFLOW_RUN_ID"], "w").close()
time.sleep(600)
`,
  // A folder that a search for modules would find first.
  'launching/logging.py': 'raise SystemExit("the wrong logging")\n',
  'launching/broken/mlproject': 'entry_points:\n  main:\n    parameters: {a: 5}\n',
  'launching/node_modules/x/MLproject': mlproject,
  'launching/myenv/pyvenv.cfg': '',
  'launching/myenv/lib/MLproject': mlproject,
};

export function writeFiles(): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(workspaceFolder(), name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}
