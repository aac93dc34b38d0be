import * as vscode from 'vscode';
import type { CommitFacts } from '../experiments/runsService';
import type { GitRepository } from '../git/gitRepository';
import { distanceFromHead } from '../git/history';
import { type LinkedCommit, linkCommits, type WantedCommit } from '../git/linkCommits';
import { oneLine } from '../shared/oneLine';
import { count } from '../shared/series/format';
import type { WorkspaceRepositories } from './workspaceRepositories';

/** ms; a commit may be fetched, or a repository opened, at any time. */
const freshFor = 15_000;

const keyOf = ({ commit, repoUrl }: WantedCommit) => `${commit} ${repoUrl ?? ''}`;

/** What the open repositories know of the commits of runs: all that may be asked for next are looked up with the first. */
export class RunCommits implements CommitFacts {
  private known: Known | undefined;

  private readonly subjects = new Map<string, Promise<string>>();

  constructor(private readonly repositories: Pick<WorkspaceRepositories, 'find'>) {}

  async of(wanted: WantedCommit, beside: () => readonly WantedCommit[]): Promise<string | undefined> {
    const { repositories } = await this.repositories.find();
    if (repositories.length === 0) return undefined;
    const known = this.lookUp(wanted, beside, repositories);
    const link = (await known.links).get(keyOf(wanted));
    if (!link) return vscode.l10n.t('in none of the open repositories');
    const { repository, commit } = link;
    const key = `${repository.root} ${commit}`;
    // Of a repository without a commit that is checked out there is none.
    const asked = known.distances.get(key) ?? distanceFromHead(repository, commit);
    known.distances.set(key, asked);
    const [found, distance] = await Promise.all([this.subjectOf(link, await known.links), asked]);
    const subject = oneLine(found, 80);
    const place = distance && distanceText(distance, repositories.length > 1 ? repository.name : undefined);
    return [subject, place].filter(Boolean).join(' · ') || undefined;
  }

  /** A commit says for ever what it says: those of all rows that nobody has read yet are read with the first. */
  private async subjectOf({ repository, commit }: LinkedCommit, links: Links): Promise<string> {
    const key = (id: string) => `${repository.commonDir} ${id}`;
    const here = [...links.values()].filter((link) => link?.repository.commonDir === repository.commonDir);
    const unread = [...new Set(here.flatMap((link) => link?.commit ?? []))].filter((id) => !this.subjects.has(key(id)));
    if (!this.subjects.has(key(commit))) {
      const read = repository.commits(unread);
      for (const id of unread) {
        const subject = read.then((found) => found.get(id)?.subject ?? '');
        this.subjects.set(key(id), subject);
        subject.catch(() => this.subjects.delete(key(id)));
      }
    }
    return (await this.subjects.get(key(commit))) ?? '';
  }

  private lookUp(
    wanted: WantedCommit,
    beside: () => readonly WantedCommit[],
    repositories: readonly GitRepository[],
  ): Known {
    const now = Date.now();
    const { known } = this;
    if (known && now - known.at < freshFor && known.keys.has(keyOf(wanted))) return known;
    const all = new Map([wanted, ...beside()].map((commit) => [keyOf(commit), commit]));
    const links = linkCommits([...all.values()], repositories).then(
      (found) => new Map([...all.keys()].map((key, at) => [key, found[at]])),
    );
    const made: Known = { at: now, links, keys: new Set(all.keys()), distances: new Map() };
    this.known = made;
    links.catch(() => {
      if (this.known === made) this.known = undefined;
    });
    return made;
  }
}

interface Known {
  /** ms */
  readonly at: number;
  readonly links: Promise<Links>;
  readonly keys: ReadonlySet<string>;
  readonly distances: Map<string, ReturnType<typeof distanceFromHead>>;
}

type Links = ReadonlyMap<string, LinkedCommit | undefined>;

/** @param name where there are several repositories, each with a head of its own */
function distanceText({ ahead, behind }: { ahead: number; behind: number }, name: string | undefined): string {
  const head = name === undefined ? 'HEAD' : vscode.l10n.t('HEAD of {0}', name);
  if (ahead === 0 && behind === 0) return vscode.l10n.t('at {0}', head);
  if (ahead === 0)
    return behind === 1
      ? vscode.l10n.t('1 commit behind {0}', head)
      : vscode.l10n.t('{0} commits behind {1}', count(behind), head);
  if (behind === 0)
    return ahead === 1
      ? vscode.l10n.t('1 commit ahead of {0}', head)
      : vscode.l10n.t('{0} commits ahead of {1}', count(ahead), head);
  return vscode.l10n.t('on another branch than {0}: {1} ahead, {2} behind', head, count(ahead), count(behind));
}
