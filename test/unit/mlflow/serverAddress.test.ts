import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { quoteKey, quoteValue, runIdIn } from '../../../src/mlflow/filterQuoting';
import { backOffMs, retryAfterMs } from '../../../src/mlflow/http/retry';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import { parseServerAddress, webUrl } from '../../../src/mlflow/serverAddress';

describe('parseServerAddress', () => {
  it('reads what people type', () => {
    const cases: Record<string, string> = {
      '5000': 'http://127.0.0.1:5000',
      'localhost:5000': 'http://localhost:5000',
      ' http://LOCALHOST:5000// ': 'http://localhost:5000',
      'http://0.0.0.0:5000': 'http://127.0.0.1:5000',
      '[::1]:5000': 'http://[::1]:5000',
      'mlflow.example.com': 'https://mlflow.example.com',
      'mlflow.example.com:8080/pre/': 'http://mlflow.example.com:8080/pre',
      'https://h/pre/ajax-api/2.0/mlflow/runs/get?x=1': 'https://h/pre',
      'https://h/pre/static-files/index.html': 'https://h/pre',
      'https://databricks-like.example.com': 'https://databricks-like.example.com',
    };
    for (const [text, uri] of Object.entries(cases)) assert.deepEqual(parseServerAddress(text), { uri }, text);
  });

  it('splits credentials off, and never repeats them', () => {
    const address = parseServerAddress('https://joe:p%40ss@h:1/pre');
    assert.deepEqual(address, {
      uri: 'https://h:1/pre',
      credentials: { kind: 'basic', user: 'joe', password: 'p@ss' },
    });
    assert.deepEqual(parseServerAddress('https://:tok@h').credentials, { kind: 'bearer', token: 'tok' });
    for (const text of [
      'https://joe:hunter2@a b',
      'postgresql://joe:hunter2@h/db',
      'ftp://joe:hunter2@h',
      'http://joe:hunter2@',
    ])
      assert.throws(
        () => parseServerAddress(text),
        (error) => error instanceof MlflowError && error.kind === 'invalid' && !inspect(error).includes('hunter2'),
        text,
      );
  });

  it('gives back what the links of the web UI point to', () => {
    const part = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '.' && text !== '..');
    const plain = { noNullPrototype: true };
    const target = fc.oneof(
      fc.record({ experimentId: part }, plain),
      fc.record({ experimentId: part, runId: part }, plain),
      fc.record({ modelName: part }, plain),
      fc.record({ modelName: part, version: part }, plain),
    );
    fc.assert(
      fc.property(fc.constantFrom('http://h:5000', 'https://h/pre'), target, (uri, wanted) =>
        assert.deepEqual(parseServerAddress(webUrl(uri, wanted)), { uri, target: wanted }),
      ),
    );
    assert.equal(webUrl('http://h'), 'http://h/');
  });

  it('says what to do with addresses of stores', () => {
    const stores = [
      'sqlite:///x.db',
      'file:///x',
      './mlruns',
      'mlruns',
      'mlflow.db',
      'C:\\x',
      '~/mlruns',
      'mysql+pymysql://h/x',
    ];
    for (const text of [
      ...stores,
      'databricks',
      'databricks://profile',
      'https://adb-1.2.azuredatabricks.net',
      '',
      '  ',
    ])
      assert.throws(
        () => parseServerAddress(text),
        (error) => error instanceof MlflowError && error.kind === 'invalid' && Boolean(error.details.advice),
        text,
      );
  });

  it('gives an address or an MlflowError for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        try {
          assert.deepEqual(parseServerAddress(parseServerAddress(text).uri).uri, parseServerAddress(text).uri);
        } catch (error) {
          assert.ok(error instanceof MlflowError, String(error));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('filter quoting', () => {
  it('encloses any text in quotes that the text does not hold, or refuses', () => {
    for (const [quote, both] of [
      [quoteKey, ['`', '"']],
      [quoteValue, ["'", '"']],
    ] as const)
      fc.assert(
        fc.property(fc.string({ unit: fc.constantFrom('a', "'", '"', '`', ' ', '\\', '%') }), (text) => {
          if (both.every((mark) => text.includes(mark))) return void assert.throws(() => quote(text), MlflowError);
          const quoted = quote(text);
          assert.equal(quoted.slice(1, -1), text);
          assert.equal(quoted[0], quoted.at(-1));
          assert.equal(text.includes(quoted[0] ?? ''), false);
        }),
      );
  });

  it('lets nothing but ids into a list of ids', () => {
    assert.equal(runIdIn(['ab12', "x' OR '1", 'cd']), "attributes.run_id IN ('ab12','cd')");
  });
});

describe('pauses between tries', () => {
  it('grow, with full jitter, to 20 s at most', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const ms = backOffMs(attempt, () => random);
        assert.ok(ms >= 0 && ms <= Math.min(20_000, 150 * 2 ** attempt));
      }),
    );
  });

  it('follow Retry-After in seconds and as a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    assert.equal(retryAfterMs('3', now), 3_000);
    assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:07 GMT', now), 7_000);
    assert.equal(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now), 0);
    for (const header of [undefined, '', 'soon', '-']) assert.equal(retryAfterMs(header, now), undefined);
  });
});
