import { stripCredentials } from '../../git/remoteUrl';

/**
 * The page of a commit on the web, for a repository's address as git writes it: `/commit/<id>` as GitHub, GitLab, Gitea,
 * Forgejo, Azure DevOps and sourcehut have it, `/commits/<id>` on Bitbucket. Undefined for what is on no network.
 */
export function commitUrl(repository: string | undefined, commit: string): string | undefined {
  const address = repository === undefined ? undefined : stripCredentials(repository);
  if (address === undefined || !/^[0-9a-f]{7,64}$/.test(commit)) return undefined;
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/i.exec(address) ??
    /^(?:[^@/\s]+@)?([\w.-]+\.[\w-]+):(?!\/\/)(.+)$/.exec(address) ??
    [];
  if (!host || !path) return undefined;
  const port = /^https?:\/\/[^/]*?(:\d+)\//i.exec(address)?.[1] ?? '';
  const scheme = /^http:/i.test(address) ? 'http' : 'https';
  const repo = path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/^\/+/, '');
  const page = /(^|\.)bitbucket\./i.test(host) ? 'commits' : 'commit';
  const url = `${scheme}://${host}${port}/${repo}/${page}/${commit}`;
  return URL.canParse(url) ? url : undefined;
}
