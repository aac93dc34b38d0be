// @ts-check
// The few calls of MLflow's REST interface that preparing the demo needs.

/**
 * @param {string} uri
 * @param {'POST' | 'PATCH'} method
 * @param {string} endpoint e.g. `runs/update`
 * @param {object} body
 * @returns {Promise<any>}
 */
export async function call(uri, method, endpoint, body) {
  const response = await fetch(`${uri}/api/2.0/mlflow/${endpoint}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${endpoint}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

/**
 * Aliases, stages and a description for a registered model.
 * @param {string} uri
 * @param {typeof import('./history.mjs').registeredModel} model
 */
export async function curate(uri, { name, description, aliases, stages }) {
  await call(uri, 'PATCH', 'registered-models/update', { name, description });
  for (const [alias, version] of Object.entries(aliases))
    await call(uri, 'POST', 'registered-models/alias', { name, alias, version });
  for (const [version, stage] of Object.entries(stages))
    await call(uri, 'POST', 'model-versions/transition-stage', {
      name,
      version,
      stage,
      archive_existing_versions: false,
    });
}

/**
 * Runs that still say RUNNING on a server that was down, and went down with it: the machine, or a terminal of the demo.
 * @param {string} uri
 */
export async function killLeftovers(uri) {
  const { experiments = [] } = await call(uri, 'POST', 'experiments/search', { max_results: 1000 });
  const ids = experiments.map((/** @type {{experiment_id: string}} */ { experiment_id }) => experiment_id);
  const query = { experiment_ids: ids, filter: "attributes.status = 'RUNNING'", max_results: 1000 };
  const { runs = [] } = await call(uri, 'POST', 'runs/search', query);
  for (const { info } of runs)
    await call(uri, 'POST', 'runs/update', { run_id: info.run_id, status: 'KILLED', end_time: Date.now() });
}
