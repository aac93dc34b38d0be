import * as vscode from 'vscode';
import { GitError } from '../../git/gitError';
import type { GitRepository } from '../../git/gitRepository';
import { branches, headOf, mainBranch, resolveCommit } from '../../git/history';

export interface CommitRange {
  readonly from: string;
  readonly notFrom?: string;
  /** For people. */
  readonly name: string;
  /** Runs that say this branch belong to it too: its commits may have been rebased since. */
  readonly branch?: string;
}

/** Asks for a branch, for what came since the main branch, or for a range. Undefined when cancelled. */
export async function pickRange(
  repository: GitRepository,
  title: string,
): Promise<CommitRange | 'noCommits' | undefined> {
  const known = await branches(repository);
  const main = await mainBranch(repository, known);
  // A branch that was just begun has none, while others may.
  const head = (await headOf(repository))?.commit;
  if (head === undefined && known.length === 0) return 'noCommits';
  const since: Choice[] =
    main && head !== undefined && main.commit !== head
      ? [
          {
            label: `$(git-branch) ${vscode.l10n.t('Since {0}', main.name)}`,
            description: vscode.l10n.t('commits of the current branch that {0} does not have', main.name),
            range: { from: head, notFrom: main.commit, name: `${main.name}..HEAD` },
          },
        ]
      : [];
  const items: Choice[] = [
    ...since,
    ...known.map(({ name, commit, remote }) => ({
      label: `$(${remote ? 'cloud' : 'git-branch'}) ${name}`,
      description: commit === head ? vscode.l10n.t('checked out') : '',
      range: { from: commit, name, branch: remote ? name.replace(/^[^/]+\//, '') : name },
    })),
    { label: `$(edit) ${vscode.l10n.t('A range…')}`, description: 'main..feature', range: 'ask' },
  ];
  const placeHolder = vscode.l10n.t('Runs of which commits?');
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder });
  return picked?.range === 'ask' ? askForRange(repository, title) : picked?.range;
}

type Choice = vscode.QuickPickItem & { readonly range: CommitRange | 'ask' };

async function askForRange(repository: GitRepository, title: string): Promise<CommitRange | undefined> {
  let range: CommitRange | undefined;
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Two branches, tags or commits with two dots between them'),
    placeHolder: 'v1.0..main',
    ignoreFocusOut: true,
    validateInput: async (typed) => {
      range = undefined;
      if (typed.trim() === '') return '';
      try {
        range = await readRange(repository, typed);
        return undefined;
      } catch (error) {
        if (error instanceof GitError) return error.message;
        throw error;
      }
    },
  });
  return text === undefined ? undefined : (range ?? readRange(repository, text));
}

/** `a..b` without a second part ends at the head. Throws `GitError` where a part is no commit. */
export async function readRange(repository: GitRepository, text: string): Promise<CommitRange> {
  const [, start, end] = /^\s*(\S+?)\.\.(\S*)\s*$/.exec(text) ?? [];
  if (start === undefined) return { from: await resolveCommit(repository, text.trim()), name: text.trim() };
  const [notFrom, from] = await Promise.all([
    resolveCommit(repository, start),
    resolveCommit(repository, end || 'HEAD'),
  ]);
  return { from, notFrom, name: `${start}..${end || 'HEAD'}` };
}
