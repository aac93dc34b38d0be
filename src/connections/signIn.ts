import * as vscode from 'vscode';
import type { Credentials } from '../mlflow/http/httpOptions';
import { back, inputStep, pickStep } from '../platform/quickSteps';

/** Asks for credentials. `tried` did not work. Undefined when cancelled; `change` when another address is wanted. */
export async function askCredentials(
  uri: string,
  tried: Credentials | undefined,
): Promise<Credentials | 'change' | undefined> {
  const title = vscode.l10n.t('Sign In to {0}', uri);
  for (;;) {
    const kind = await pickStep({
      title,
      placeholder: tried
        ? vscode.l10n.t('The server did not accept that sign-in. Try again with…')
        : vscode.l10n.t('The server wants a sign-in. Use…'),
      canGoBack: true,
      items: kinds(),
    });
    if (kind === undefined) return undefined;
    if (kind === back) return 'change';
    const asked = kind.id === 'basic' ? await askBasic(title, tried) : await askToken(title);
    if (asked !== back) return asked;
  }
}

const kinds = () => [
  {
    id: 'basic' as const,
    label: `$(account) ${vscode.l10n.t('User and Password')}`,
    detail: vscode.l10n.t("MLflow's own sign-in"),
  },
  {
    id: 'bearer' as const,
    label: `$(key) ${vscode.l10n.t('Token')}`,
    detail: vscode.l10n.t('A bearer token, for servers behind a gateway'),
  },
];

async function askBasic(title: string, tried: Credentials | undefined): Promise<Credentials | typeof back | undefined> {
  let user = tried?.kind === 'basic' ? tried.user : '';
  for (;;) {
    const named = await inputStep({
      title,
      step: 1,
      totalSteps: 2,
      canGoBack: true,
      value: user,
      prompt: vscode.l10n.t('User'),
      placeholder: vscode.l10n.t('Name of the user'),
      problem: (text) => nameProblem(text),
    });
    if (named === undefined || named === back) return named;
    user = named;
    const password = await askSecret(title, vscode.l10n.t('Password of {0}', user), { step: 2, totalSteps: 2 });
    if (password === undefined) return undefined;
    if (password !== back) return { kind: 'basic', user, password };
  }
}

async function askToken(title: string): Promise<Credentials | typeof back | undefined> {
  const token = await askSecret(title, vscode.l10n.t('Token'), {});
  return token === undefined || token === back ? token : { kind: 'bearer', token: token.replace(/^Bearer\s+/i, '') };
}

const askSecret = (title: string, prompt: string, steps: { step?: number; totalSteps?: number }) =>
  inputStep({
    title,
    ...steps,
    canGoBack: true,
    password: true,
    prompt: vscode.l10n.t('{0}. It is kept in the secret storage of the system.', prompt),
    placeholder: prompt,
    problem: (text) => {
      if (text === '') return vscode.l10n.t('This cannot be empty.');
      return hasControl(text) ? vscode.l10n.t('This holds a line break or another control character.') : undefined;
    },
  });

function nameProblem(text: string): string | undefined {
  if (text === '') return vscode.l10n.t('The name cannot be empty.');
  // RFC 7617: the first colon ends the user.
  if (text.includes(':')) return vscode.l10n.t('The name of a user cannot hold a colon.');
  return hasControl(text) ? vscode.l10n.t('The name holds a control character.') : undefined;
}

const hasControl = (text: string) => [...text].some((character) => character < ' ' || character === '\u007f');
