import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPatch } from '../../../src/git/patchText';
import { entropy, findSecrets, secretsIn } from '../../../src/git/secretScan';

/** Put together here, so that no scanner takes this file for a leak. */
const made = (...parts: string[]) => parts.join('');
const letters = 'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYzZyX';

const patch = [
  'Changes beyond a commit',
  'diff --git a/train.py b/train.py',
  'index 1..2 100644',
  '--- a/train.py',
  '+++ b/train.py',
  '@@ -1,3 +1,3 @@ def main():',
  ' import mlflow',
  `-key = "${made('AKIA', 'QWERTYUIOPASDFGH')}"`,
  '+key = os.environ["KEY"]',
  ' diff --git a/not/a b/header',
  '\\ No newline at end of file',
  'diff --git a/old name.py b/new name.py',
  'similarity index 100%',
  'rename from old name.py',
  'rename to new name.py',
  'diff --git a/weights.bin b/weights.bin',
  'new file mode 100644',
  'GIT binary patch',
  'literal 3',
  'Kcmb',
  '',
  'diff --git a/.env b/.env',
  'new file mode 100644',
  '--- /dev/null',
  '+++ b/.env',
  '@@ -0,0 +1,2 @@',
  '+# secrets',
  `+${made('HF_TOKEN=hf', '_', letters)}`,
  '',
].join('\n');

describe('a patch', () => {
  it('names its files and where each line stands', () => {
    const files = readPatch(patch);
    assert.deepEqual(
      files.map(({ path, binary, lines }) => [path, binary, lines.length]),
      [
        ['train.py', false, 4],
        ['new name.py', false, 0],
        ['weights.bin', true, 0],
        ['.env', false, 2],
      ],
    );
    assert.deepEqual(files[0]?.lines[1]?.line, 2);
    assert.equal(files[0]?.lines[1]?.kind, 'removed');
    assert.deepEqual(files[3]?.lines.at(-1), { line: 2, text: made('HF_TOKEN=hf', '_', letters), kind: 'added' });
  });

  it('is searched for secrets, also on lines that are taken away, and shows none whole', () => {
    const found = findSecrets(readPatch(patch));
    assert.deepEqual(
      found.map(({ file, line, rule }) => [file, line, rule]),
      [
        ['train.py', 2, 'AWS access key'],
        ['.env', undefined, 'file that usually holds secrets'],
        ['.env', 2, 'Hugging Face token'],
      ],
    );
    assert.equal(found[0]?.masked, 'AKIA… (20)');
    assert.ok(!JSON.stringify(found).includes(letters));
  });
});

describe('secrets', () => {
  const token = (...parts: string[]) => secretsIn(`x = '${made(...parts)}'`).map(({ rule }) => rule);

  it('are known by the form their issuers gave them', () => {
    assert.deepEqual(token('gh', 'p_', letters), ['GitHub token']);
    assert.deepEqual(token('gl', 'pat-', letters.slice(0, 20)), ['GitLab token']);
    assert.deepEqual(token('xo', 'xb-', '1234567890-abcdef'), ['Slack token']);
    assert.deepEqual(token('AI', 'za', letters.slice(0, 35)), ['Google API key']);
    assert.deepEqual(token('sk', '_live_', letters), ['Stripe key']);
    assert.deepEqual(token('da', 'pi', '0123456789abcdef0123456789abcdef'), ['Databricks token']);
    assert.deepEqual(token('-----BEGIN ', 'RSA PRIVATE KEY-----'), ['private key']);
    assert.deepEqual(token('https://ada:', 's3cr3t', '@example.org/a.git'), ['password in an address']);
    assert.deepEqual(token('ey', 'Jhbgciabcdef', '.ey', 'Jzdwiabcdefg', '.abcdefghijklm'), ['JSON web token']);
  });

  it('are known by the name they are given and by being random', () => {
    const rule = ['assignment that looks like a secret'];
    const rulesOf = (text: string) => secretsIn(text).map((found) => found.rule);
    assert.deepEqual(rulesOf(`db_password = "${letters.slice(0, 16)}"`), rule);
    assert.deepEqual(rulesOf(`  "apiKey": "${letters}",`), rule);
    assert.deepEqual(rulesOf(`os.environ['SECRET_KEY'] = '${letters}'`), rule);
    assert.deepEqual(rulesOf(`TOKEN: ${letters}`), rule);
    for (const harmless of [
      'password = os.environ["PASSWORD"]',
      'password = getpass.getpass()',
      'api_key = settings.api_key_name',
      'token = "your-token-goes-here-1234"',
      made('secret = "$', '{SECRET_FROM_VAULT}"'),
      'tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")',
      'max_tokens=1024, num_tokens=2048',
      `checksum = "${letters}"`,
      'index 1a2b3c4d5e6f7a8b9c0d..2b3c4d5e6f7a8b9c0d1e 100644',
      'password = ********',
    ])
      assert.deepEqual(rulesOf(harmless), [], harmless);
  });

  it('are found anywhere in a line, however long it is, each once', () => {
    const secret = made('gh', 'p_', letters);
    const filler = 'lorem ipsum, "dolor": 1; '.repeat(4_000);
    for (const at of [0, 11_980, 11_999, 12_000, 19_990, 20_000, 31_999, 75_000]) {
      const line = `${filler.slice(0, at)} ${secret} ${filler.slice(at)}`;
      assert.deepEqual(secretsIn(line), [{ rule: 'GitHub token', masked: `ghp_… (${secret.length})` }], `at ${at}`);
    }
    const many = secretsIn(`${filler}${secret} `.repeat(5));
    assert.equal(many.length, 5);
  });

  it('never come back whole, and no text makes the search slow', () => {
    assert.equal(Math.round(entropy('abcd') * 10), 20);
    assert.equal(entropy('aaaa'), 0);
    const secret = fc.stringMatching(/^[A-Za-z0-9]{16,60}$/);
    fc.assert(
      fc.property(secret, (value) => {
        for (const { masked } of secretsIn(`password = "${value}"`)) assert.ok(!masked.includes(value));
      }),
    );
    const started = Date.now();
    for (const piece of ['password=', 'eyJaaaaaaaaaaaa.', 'a://', 'sk-', '-----BEGIN A ', 'xoxb-', 'token" : '])
      secretsIn(piece.repeat(100_000));
    assert.ok(Date.now() - started < 10_000, `${Date.now() - started} ms`);
  });
});
