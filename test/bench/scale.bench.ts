// Flowdeck and MLflow's own web UI at sizes that hurt, in one browser and on one server, one after the other.
import { writeFileSync } from 'node:fs';
import { makeWorkspace } from '../../scripts/lib/workspace.mjs';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { Flowdeck } from './flowdeck';
import { type Bench, type Figures, groups } from './rows';
import { WebUi } from './webUi';

const told = (name: string) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start this with npm run bench`);
  return value;
};

async function main(): Promise<void> {
  const folder = told('FLOWDECK_SCALE');
  // As it starts by itself; the tests' servers have one worker.
  const args = ['--workers', '4'];
  const server = await startMlflowServer('3.17.2', { folder, args, env: { MLFLOW_DISABLE_TELEMETRY: 'true' } });
  const workspace = await makeWorkspace(told('FLOWDECK_ROOT'));
  try {
    const ids = await experimentIds(server);
    await warmUp(server, ids);
    const flowdeck = await Flowdeck.start(workspace.folder, server.uri);
    try {
      // The second webview after an installation comes two seconds late, in which neither page nor host does anything. Why
      // is not known; it would be a half of a median of two.
      await flowdeck.ready({ rows: 'nested' });
      const webUi = new WebUi(flowdeck.workbench.context, server.uri, ids);
      await measure({ flowdeck, webUi, trackingUri: server.uri, repetitions: Number(told('FLOWDECK_REPETITIONS')) });
    } finally {
      await flowdeck.close();
    }
  } finally {
    workspace.dispose();
    await server.stop();
  }
}

async function measure(bench: Bench): Promise<void> {
  const wanted = told('FLOWDECK_GROUPS').split(',');
  const figures: Record<string, Figures> = {};
  for (const [name, group] of Object.entries(groups)) {
    if (!wanted.includes(name)) continue;
    figures[name] = await group(bench);
    console.log(name, JSON.stringify(figures[name]));
    // After each group: what fails later does not lose it.
    writeFileSync(told('FLOWDECK_RESULT'), JSON.stringify(figures));
  }
}

const headers = { 'content-type': 'application/json' };

async function experimentIds(server: MlflowServer): Promise<Record<string, string>> {
  const body = JSON.stringify({ max_results: 100 });
  const answer = await fetch(`${server.uri}/api/2.0/mlflow/experiments/search`, { method: 'POST', headers, body });
  const { experiments } = (await answer.json()) as { experiments: { name: string; experiment_id: string }[] };
  return Object.fromEntries(experiments.map(({ name, experiment_id }) => [name, experiment_id]));
}

/** The server compiles its questions when they are asked first; nobody's clock is to run meanwhile. */
async function warmUp(server: MlflowServer, ids: Record<string, string>): Promise<void> {
  const body = JSON.stringify({ experiment_ids: [ids.nested], max_results: 20 });
  const search = await fetch(`${server.uri}/api/2.0/mlflow/runs/search`, { method: 'POST', headers, body });
  const answer = (await search.json()) as { runs: { info: { run_id: string } }[] };
  const query = `run_ids=${answer.runs[0]?.info.run_id}&metric_key=metric_0&max_results=320`;
  const history = `${server.uri}/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${query}`;
  for (let times = 0; times < 3; times++) await (await fetch(history)).arrayBuffer();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
