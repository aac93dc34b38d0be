// Ties 10,000 runs to commits of a large repository, beside git alone answering the same ids, one after the other.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { findRepositories } from '../../src/git/findRepositories';
import type { GitRepository } from '../../src/git/gitRepository';
import { linkRuns } from '../../src/source/linkRuns';
import { gitProcesses } from '../support/gitProcesses';

const runCount = 10_000;

const told = (name: string) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start this with npm run bench`);
  return value;
};

interface Tagged {
  readonly runId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Runs of commits all over the history; one in a hundred was made elsewhere. */
function taggedRuns(ids: readonly string[]): readonly Tagged[] {
  return Array.from({ length: runCount }, (_, at) => ({
    runId: String(at),
    tags: {
      'mlflow.source.name': 'src/train.py',
      'mlflow.source.git.commit':
        at % 100 === 99 ? at.toString(16).padStart(40, 'f') : (ids[Math.floor((at * ids.length) / runCount)] ?? ''),
      'mlflow.source.git.repoURL': 'https://token@example.org/team/code',
    },
  }));
}

async function timed(work: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function linkAll(runs: readonly Tagged[], repository: GitRepository): Promise<void> {
  const { linked, missing } = await linkRuns(runs, [repository]);
  if (linked.size !== runCount * 0.99 || missing.size !== runCount * 0.01)
    throw new Error(`${linked.size} runs were linked, ${missing.size} were not`);
}

async function main(): Promise<void> {
  const folder = told('FLOWDECK_COMMITS');
  const repetitions = Number(told('FLOWDECK_REPETITIONS'));
  const runs = taggedRuns(readFileSync(told('FLOWDECK_COMMIT_IDS'), 'utf8').trim().split('\n'));
  const [repository] = (await findRepositories([folder])).repositories;
  if (!repository) throw new Error(`${folder} is no repository`);
  const input = runs.map(({ tags }) => `${tags['mlflow.source.git.commit'] ?? ''}\n`).join('');
  const gitAlone = () => {
    execFileSync('git', ['cat-file', '--batch-check'], { cwd: folder, input, maxBuffer: 2 ** 26 });
  };
  const samples: Record<string, number[]> = { flowdeck: [], git: [], processes: [] };
  gitAlone();
  for (let round = 0; round < repetitions; round++) {
    samples.git?.push(await timed(gitAlone));
    samples.flowdeck?.push(await timed(() => linkAll(runs, repository)));
    samples.processes?.push(await gitProcesses(() => linkAll(runs, repository)));
  }
  writeFileSync(told('FLOWDECK_RESULT'), JSON.stringify({ link: { samples, problems: [] } }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
