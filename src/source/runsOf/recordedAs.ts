import type { Connection } from '../../connections/connection';
import { quoteKey, quoteValue, runIdIn } from '../../mlflow/filterQuoting';
import { MlflowError } from '../../mlflow/mlflowError';
import { namesCommit, recordedCommit, type SpelledFact, spellingsOf } from '../../mlflow/runSource';
import { chunks } from '../../shared/chunks';
import type { LoggedModel } from '../../shared/domain';

/** ms; which spellings a server's runs have changes seldom. */
const freshFor = 60_000;
const known = new WeakMap<
  Connection,
  Map<SpelledFact, { readonly at: number; readonly keys: Promise<readonly string[]> }>
>();

/**
 * The tags in which runs of the server say a fact, MLflow's own first. A question for each other one, kept for a minute:
 * few servers have runs with them, and a filter that names them all is no longer read by a person.
 */
export function spellingsInUse(
  connection: Connection,
  fact: SpelledFact,
  experimentIds: readonly string[],
): Promise<readonly string[]> {
  const facts = known.get(connection) ?? new Map();
  known.set(connection, facts);
  const before = facts.get(fact);
  if (before && Date.now() - before.at < freshFor) return before.keys;
  const keys = askSpellings(connection, fact, experimentIds);
  facts.set(fact, { at: Date.now(), keys });
  keys.catch(() => facts.delete(fact));
  return keys;
}

async function askSpellings(
  { store }: Connection,
  fact: SpelledFact,
  experimentIds: readonly string[],
): Promise<readonly string[]> {
  const [first, ...others] = spellingsOf(fact);
  if (experimentIds.length === 0) return [first];
  const used = await Promise.all(
    others.map(async (key) => {
      const filter = `tags.${quoteKey(key)} LIKE '%'`;
      return (await store.searchRuns({ experimentIds, filter, maxResults: 1 })).items.length > 0;
    }),
  );
  return [first, ...others.filter((_, at) => used[at])];
}

/** So many commits or runs stand in one question. */
const mostAsked = 300;
/** Of more commits so many models are looked through before the commits are asked for. */
const mostLooked = 500;

/**
 * The runs that name no commit themselves but logged a model that does, by commit: MLflow's git versioning writes there.
 * Nothing on servers without logged models, or that cannot search their tags.
 */
export async function runsOfModels(
  connection: Connection,
  commits: readonly string[],
  experimentIds: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  if (connection.server.generation < 3 || experimentIds.length === 0) return new Map();
  const asked = new Set(commits);
  for (const key of spellingsOf('commit'))
    for (const model of await modelsOf(connection, key, [...asked], experimentIds, signal)) {
      const { commit } = recordedCommit(model);
      if (commit !== undefined && asked.has(commit) && model.sourceRunId !== undefined)
        found.set(commit, (found.get(commit) ?? new Set()).add(model.sourceRunId));
    }
  const silent = await silentRuns(
    connection,
    [...found.values()].flatMap((ids) => [...ids]),
    experimentIds,
    signal,
  );
  return new Map([...found].map(([commit, ids]) => [commit, [...ids].filter((id) => silent.has(id))]));
}

/** At least those that name one of the commits by this tag. Few servers have many models that name one at all. */
async function modelsOf(
  connection: Connection,
  key: string,
  commits: readonly string[],
  experimentIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly LoggedModel[]> {
  const tag = `tags.${quoteKey(key)}`;
  if (commits.length > mostAsked) {
    const { models, more } = await modelsBy(connection, experimentIds, `${tag} LIKE '%'`, mostLooked, signal);
    if (!more) return models;
  }
  const found: LoggedModel[] = [];
  for (const part of chunks(commits, mostAsked)) {
    const filter = `${tag} IN (${part.map(quoteValue).join(', ')})`;
    found.push(...(await modelsBy(connection, experimentIds, filter, Number.POSITIVE_INFINITY, signal)).models);
  }
  return found;
}

async function modelsBy(
  { store }: Connection,
  experimentIds: readonly string[],
  filter: string,
  most: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly models: readonly LoggedModel[]; readonly more: boolean }> {
  const models: LoggedModel[] = [];
  let pageToken: string | undefined;
  try {
    do {
      const search = { experimentIds, filter, maxResults: 100, ...(pageToken ? { pageToken } : {}) };
      const page = await store.searchLoggedModels(search, signal);
      models.push(...page.items);
      pageToken = page.nextPageToken;
    } while (pageToken && models.length < most);
  } catch (error) {
    // A store that has models and cannot search them by their tags: then only runs can be asked.
    if (!(error instanceof MlflowError) || !['invalid', 'server', 'notFound'].includes(error.kind)) throw error;
  }
  return { models, more: pageToken !== undefined };
}

/** Those that name no commit: a run's own word counts more than that of its models. */
async function silentRuns(
  { store }: Connection,
  runIds: readonly string[],
  experimentIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const silent = new Set<string>();
  for (const part of chunks([...new Set(runIds)], mostAsked)) {
    const filter = runIdIn(part);
    if (filter === undefined) continue;
    const { items } = await store.searchRuns({ experimentIds, filter, maxResults: mostAsked }, signal);
    for (const run of items) if (!namesCommit(run)) silent.add(run.runId);
  }
  return silent;
}
