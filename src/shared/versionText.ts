import type { ModelAlias, ModelVersion, RegisteredModel } from './domain';

/** MLflow 3 hides prompts in searches, MLflow 2 does not. */
export const isPrompt = (model: Pick<RegisteredModel, 'tags'>) => model.tags['mlflow.prompt.is_prompt'] === 'true';

/** Searches omit a version's aliases; the model has them all. Newest version first, aliases in order of name. */
export function withAliases(
  versions: readonly ModelVersion[],
  aliases: readonly ModelAlias[],
): readonly ModelVersion[] {
  return versions
    .map((version) => ({
      ...version,
      aliases: aliases
        .filter((alias) => alias.version === version.version)
        .map(({ alias }) => alias)
        .sort(),
    }))
    .sort((a, b) => compareVersions(b.version, a.version));
}

/** Version numbers by value; what is no number goes by text, after the numbers. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? -1 : 1;
  return Number.isNaN(x) || x === y ? a.localeCompare(b) : x - y;
}

/** `@champion · Production`; empty for a version with neither. */
export function badges(version: Pick<ModelVersion, 'aliases' | 'stage'>): string {
  const stage = version.stage === 'None' || version.stage === '' ? [] : [version.stage];
  return [...version.aliases.map((alias) => `@${alias}`), ...stage].join(' · ');
}

/** Every URI that `mlflow.pyfunc.load_model` takes for the version: by number first, then by alias. */
export function modelUris(version: Pick<ModelVersion, 'name' | 'version' | 'aliases'>): readonly string[] {
  return [
    `models:/${version.name}/${version.version}`,
    ...version.aliases.map((alias) => `models:/${version.name}@${alias}`),
  ];
}
