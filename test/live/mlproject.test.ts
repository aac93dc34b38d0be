import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../scripts/lib/run.mjs';
import { missingEnvironment, parseMlproject } from '../../src/projects/mlproject';
import { type MlflowVersion, mlflowPython } from '../support/mlflowServer';
import { corpus } from '../support/mlprojectCorpus';

interface Verdict {
  readonly ok: boolean;
  readonly name?: string | null;
  readonly entryPoints?: Readonly<Record<string, EntryPointVerdict>>;
}

interface EntryPointVerdict {
  readonly command: string | null;
  /** Type and default, as Python says them. */
  readonly parameters: Readonly<Record<string, readonly [string, string | null]>>;
}

/** argv: the folder that holds one folder per file of the corpus. */
const ask = `
import json, os, sys
from mlflow.projects._project_spec import load_project
def text(value):
    return None if value is None else str(value)
verdicts = {}
for name in os.listdir(sys.argv[1]):
    try:
        project = load_project(os.path.join(sys.argv[1], name))
        points = {str(key): {
            'command': point.command if isinstance(point.command, str) else None,
            'parameters': {str(k): [str(p.type), text(p.default)] for k, p in point.parameters.items()},
        } for key, point in (project._entry_points or {}).items()}
        verdicts[name] = {'ok': True, 'name': text(project.name), 'entryPoints': points}
    except Exception as error:
        verdicts[name] = {'ok': False}
print('verdicts ' + json.dumps(verdicts))
`;

async function ours(text: string, folder: string): Promise<Verdict> {
  const parsed = await parseMlproject(new TextEncoder().encode(text));
  if (!parsed.ok) return { ok: false };
  const exists = async (file: string) => fs.existsSync(path.join(folder, file));
  if (await missingEnvironment(parsed.project, exists)) return { ok: false };
  const { name, entryPoints } = parsed.project;
  return {
    ok: true,
    name: name ?? null,
    entryPoints: Object.fromEntries(
      entryPoints.map((point) => [
        point.name,
        {
          command: point.command ?? null,
          parameters: Object.fromEntries(
            point.parameters.map((item) => [item.name, [item.type, item.default ?? null]]),
          ),
        },
      ]),
    ),
  };
}

for (const version of ['3.17.2', '2.15.1'] as const satisfies readonly MlflowVersion[]) {
  describe(`MLproject files, as MLflow ${version} reads them`, () => {
    let root = '';
    let theirs: Readonly<Record<string, Verdict>> = {};

    before(async () => {
      root = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-mlproject-'));
      for (const [at, text] of Object.values(corpus).entries()) {
        const folder = path.join(root, String(at));
        fs.mkdirSync(folder);
        // Files of a Windows machine and of another letter case are found too.
        fs.writeFileSync(path.join(folder, at % 2 === 0 ? 'MLproject' : 'mlproject'), text);
        fs.writeFileSync(path.join(folder, 'env.yaml'), 'python: "3.11"\n');
      }
      const output = await run(mlflowPython(version), ['-c', ask, root]);
      theirs = JSON.parse(/^verdicts (.*)$/m.exec(output)?.[1] ?? '{}');
    });

    after(() => fs.rmSync(root, { recursive: true, force: true }));

    for (const [at, [name, text]] of Object.entries(corpus).entries())
      it(name, async () => assert.deepEqual(await ours(text, path.join(root, String(at))), theirs[String(at)]));

    it('has good and bad ones', () => {
      const accepted = Object.values(theirs).filter(({ ok }) => ok).length;
      assert.ok(accepted > 20 && Object.keys(theirs).length - accepted > 20, `${accepted} accepted`);
    });
  });
}
