import type { PatchFile } from './patchText';

/** Something in a patch that looks like a secret. It never holds the secret itself. */
export interface SecretFinding {
  readonly file: string;
  /** Absent where the name of the file says it. */
  readonly line?: number;
  /** What it looks like: `AWS access key`. */
  readonly rule: string;
  /** Its beginning and its length. */
  readonly masked: string;
}

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
}

/**
 * Tokens that say themselves what they are: their issuers gave them a form so that they can be found. Forms as the
 * issuers document them.
 */
const tokens: readonly Rule[] = [
  { name: 'private key', pattern: /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/g },
  { name: 'AWS access key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  { name: 'GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})\b/g },
  { name: 'GitLab token', pattern: /\bgl(?:pat|dt|rt|ft|soat|cbt|ptt)-[\w-]{20,64}\b/g },
  { name: 'Slack token', pattern: /\bxox[abeoprs]-[\w-]{10,250}/g },
  { name: 'Slack webhook', pattern: /hooks\.slack\.com\/(?:services|workflows)\/[\w/+-]{20,90}/g },
  { name: 'Google API key', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { name: 'Google OAuth secret', pattern: /\bGOCSPX-[\w-]{28}\b/g },
  { name: 'Stripe key', pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,128}\b/g },
  { name: 'Anthropic key', pattern: /\bsk-ant-[\w-]{20,200}/g },
  { name: 'OpenAI key', pattern: /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,220}/g },
  { name: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{30,60}\b/g },
  { name: 'Databricks token', pattern: /\bdapi[0-9a-f]{32}(?:-\d)?\b/g },
  { name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { name: 'PyPI token', pattern: /\bpypi-AgE[\w-]{50,250}/g },
  { name: 'SendGrid key', pattern: /\bSG\.[\w-]{16,32}\.[\w-]{16,64}/g },
  { name: 'DigitalOcean token', pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { name: 'Telegram bot token', pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  { name: 'Azure storage key', pattern: /\bAccountKey=[A-Za-z0-9+/]{86}==/g },
  { name: 'JSON web token', pattern: /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,1000}/g },
  {
    name: 'password in an address',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@'"<>{}$]{0,100}:[^\s:/@'"<>{}$]{3,200}@[\w.[-]/gi,
  },
];

/** A name that promises a secret, and the value it is given. */
const assignment =
  /(?:secret|token|passw(?:or)?d|passphrase|passwd|pwd|api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|credential)[\w-]{0,30}["'\]]{0,2}\s{0,10}(?::=|=>|[:=])\s{0,10}["'`]?([^\s"'`,;(){}<>$]{8,200})/gi;

/** What people write where a secret would stand. */
const placeholder =
  /^(?:change|your|example|dummy|test|fake|sample|placeholder|redacted|none|null|true|false|x{4,}|\*{3,}|\.{3,})/i;

/** Bits for each character: words of a language have less than 3, random text more. */
const leastEntropy = 3.2;

const secretFile =
  /(^|\/)(\.env(\.(?!example|sample|template)[\w-]+)?|\.netrc|\.pgpass|\.pypirc|\.npmrc|id_(rsa|dsa|ecdsa|ed25519)|credentials(\.json)?|[^/]+\.(pem|p12|pfx|key|keystore|jks|kdbx))$/i;

/** Characters that are searched at a time, so that no text makes the search slow. */
const span = 20_000;
/** The longest secret: one that begins in a span, but in what it shares with the next, ends in it. */
const shared = 8_000;

/** What in the readable part of a patch looks like a secret, in its order. */
export function findSecrets(files: readonly PatchFile[]): readonly SecretFinding[] {
  return files.flatMap(({ path, lines }) => [
    ...(secretFile.test(path) ? [{ file: path, rule: 'file that usually holds secrets', masked: '' }] : []),
    ...lines.flatMap(({ line, text }) => secretsIn(text).map((found) => ({ file: path, line, ...found }))),
  ]);
}

/** The secrets of one line of text. */
export function secretsIn(text: string): readonly { readonly rule: string; readonly masked: string }[] {
  const found: Found[] = [];
  for (let at = 0; at === 0 || at + shared < text.length; at += span - shared) {
    const isLast = at + span >= text.length;
    const near = found.filter(({ to }) => to > at);
    for (const each of foundIn(text.slice(at, at + span))) {
      const [from, to] = [at + each.from, at + each.to];
      // A token in an assignment is one secret, not two; so is one that two spans see.
      if ((!isLast && each.from >= span - shared) || near.some((other) => from < other.to && other.from < to)) continue;
      near.push({ ...each, from, to });
      found.push({ ...each, from, to });
    }
  }
  return found.map(({ rule, masked }) => ({ rule, masked }));
}

interface Found {
  readonly rule: string;
  readonly masked: string;
  readonly from: number;
  readonly to: number;
}

/** Tokens first, for what an issuer gave a form is known best. */
function* foundIn(line: string): Generator<Found> {
  const one = (rule: string, secret: string, from: number) => ({
    rule,
    masked: mask(secret),
    from,
    to: from + secret.length,
  });
  for (const { name, pattern } of tokens)
    for (const match of line.matchAll(pattern)) yield one(name, match[0], match.index);
  for (const match of line.matchAll(assignment)) {
    const value = match[1] ?? '';
    if (isSecretValue(value))
      yield one('assignment that looks like a secret', value, match.index + match[0].lastIndexOf(value));
  }
}

/** Random enough, and neither a placeholder nor code that fetches the value. */
function isSecretValue(value: string): boolean {
  if (placeholder.test(value) || /^[a-z_]+(?:[.[][a-z_]\w*)+$/i.test(value)) return false;
  if (/^(?:os|process|env|settings|config|self|this)\b/.test(value) || /^(?:[a-z_-]+|[A-Z_]+)$/.test(value))
    return false;
  return entropy(value) >= leastEntropy;
}

/** Shannon's, in bits for each character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const { length } = [...text];
  return [...counts.values()].reduce((sum, count) => sum - (count / length) * Math.log2(count / length), 0);
}

/** Enough to know it again, too little to use it. */
function mask(secret: string): string {
  const shown = secret.startsWith('-----') ? secret.length : Math.min(4, Math.floor(secret.length / 4));
  if (shown === secret.length) return secret;
  return `${secret.slice(0, shown)}… (${secret.length})`;
}
