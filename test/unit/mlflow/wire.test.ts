import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import { encodeMetric, splitBatch } from '../../../src/mlflow/rest/runs';
import { decodeArtifacts, decodeMetric, decodeRun } from '../../../src/mlflow/wire/decoders';
import { Fields } from '../../../src/mlflow/wire/fields';
import { parseWireJson } from '../../../src/mlflow/wire/json';
import { atMost, toSeries } from '../../../src/mlflow/wire/series';
import { parseInSlices } from '../../../src/mlflow/wire/slices';
import { isSafePath } from '../../../src/shared/artifactPath';

const source = { server: 'http://h', endpoint: 'GET /x' };
const fields = (value: unknown) => Fields.of(value, source);
const metricOf = (text: string) => decodeMetric(fields(parseWireJson(text)));

describe('parseWireJson', () => {
  it('reads what JSON can write, whatever it is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        assert.deepEqual(parseWireJson(text), JSON.parse(text));
      }),
    );
  });

  it('reads bare NaN and Infinity, and leaves those in texts alone', () => {
    const text = '{"a":NaN,"b":[-Infinity, Infinity],"c":": NaN, \\" [Infinity]"}';
    assert.deepEqual(parseWireJson(text), { a: 'NaN', b: ['-Infinity', 'Infinity'], c: ': NaN, " [Infinity]' });
  });

  it('loses no digit of whole numbers, in texts neither', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.string(), (number, text) => {
        const parsed = parseWireJson(`{"n": ${number}, "t": ${JSON.stringify(`${text}: ${number},`)}}`);
        assert.ok(typeof parsed === 'object' && parsed !== null && 'n' in parsed && 't' in parsed);
        assert.equal(String(parsed.n), String(number));
        assert.equal(parsed.t, `${text}: ${number},`);
      }),
    );
  });

  it('refuses what is neither', () => {
    for (const text of ['', '<html>', '{', '{"a":nan}', '{"a":NaNa}', "{'a':1}"])
      assert.throws(() => parseWireJson(text), SyntaxError);
  });

  it('survives a text of megabytes beside a NaN', () => {
    const long = 'x\\n'.repeat(4_000_000);
    assert.deepEqual(Object.keys(Object(parseWireJson(`{"a":NaN,"t":"${long}"}`))), ['a', 't']);
  });
});

describe('parseInSlices', () => {
  const padding = 'y'.repeat(500_000);

  it('gives what parsing at once gives', async () => {
    const lists = fc.dictionary(fc.string(), fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(lists, fc.boolean(), async (value, pretty) => {
        const text = JSON.stringify({ ...value, padding }, undefined, pretty ? 2 : undefined);
        assert.ok(isDeepStrictEqual(await parseInSlices([text]), parseWireJson(text)));
      }),
      { numRuns: 50 },
    );
  });

  it('takes the text in pieces that were cut anywhere', async () => {
    const texts = fc.array(
      fc.array(fc.constantFrom('"', '\\\\', ']', '}', ',', '[', 'é', 'x')).map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), async (items, sizes) => {
        const text = JSON.stringify({ items, more: { items }, padding });
        const parts: string[] = [];
        let at = 0;
        while (at < text.length - padding.length) {
          const size = sizes[parts.length % sizes.length] ?? 1;
          parts.push(text.slice(at, at + size));
          at += size;
        }
        parts.push(text.slice(at));
        assert.ok(isDeepStrictEqual(await parseInSlices(parts), parseWireJson(text)));
      }),
      { numRuns: 200 },
    );
  });

  it('cuts long lists between items, with NaN and large numbers in them', async () => {
    const item = (at: number) => `{"t":"]},{[\\\\\\"","v":${at % 7 ? at : 'NaN'},"s":9007199254740993}`;
    const text = `{"metrics":[${Array.from({ length: 40_000 }, (_, at) => item(at)).join(',')}],"next_page_token":"t"}`;
    const parts = Array.from({ length: Math.ceil(text.length / 65_536) }, (_, at) =>
      text.slice(at * 65_536, (at + 1) * 65_536),
    );
    for (const given of [[text], parts]) assert.deepEqual(await parseInSlices(given), parseWireJson(text));
  });

  it('is not deceived by what looks like the beginning of an item, in texts, inner lists and other lists', async () => {
    const inner = fc.array(
      fc.constantFrom(...['{"a":1}', ',{"a":', '],"more":[', '{"a":[{"a":2},{"a":3}]}', '"', '\\']),
    );
    await fc.assert(
      fc.asyncProperty(inner, fc.boolean(), fc.integer({ min: 1, max: 90_000 }), async (texts, nested, size) => {
        const item = { a: texts, b: nested ? texts.map((text) => ({ a: text })) : texts.join() };
        const long = { ...item, b: 'z'.repeat(40_000) };
        const items = Array.from({ length: 40 }, (_, at) => (at % 3 === 0 ? long : item));
        const text = JSON.stringify({ items, more: items, padding: ',{"a":1}'.repeat(30_000) });
        const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
          text.slice(at * size, (at + 1) * size),
        );
        const taken: unknown[] = [];
        const rest = await parseInSlices(parts, { key: 'items', take: (one) => taken.push(one) });
        assert.ok(isDeepStrictEqual([taken, rest], [items, { ...JSON.parse(text), items: [] }]));
      }),
      { numRuns: 60 },
    );
  });

  it('gives the items of one list to who takes them, and keeps all others', async () => {
    const lists = fc.record({ runs: fc.array(fc.jsonValue()), 'x"runs': fc.array(fc.jsonValue()) });
    await fc.assert(
      fc.asyncProperty(lists, fc.boolean(), async (value, pretty) => {
        const text = JSON.stringify({ ...value, inner: value, padding }, undefined, pretty ? 2 : undefined);
        const items: unknown[] = [];
        const take = (item: unknown, index: number) => assert.equal(items.push(item), index + 1);
        const rest = await parseInSlices([text], { key: 'runs', take });
        const whole = Object(parseWireJson(text));
        assert.ok(isDeepStrictEqual(items, whole.runs));
        assert.ok(isDeepStrictEqual(rest, { ...whole, runs: [] }));
      }),
      { numRuns: 50 },
    );
  });

  it('refuses long texts that are not JSON', async () => {
    for (const text of [`{"a":["${padding}`, `{"a":[${padding}]}`, `{"a":[1,"${padding}",]}`, `{"a":[]]"${padding}"}`])
      await assert.rejects(parseInSlices([text]), SyntaxError);
  });

  it('gives others their turn more than a hundred times while it reads 30 MB', async () => {
    const tags = Array.from({ length: 40 }, (_, at) => ({ key: `tag ${at}`, value: 'some value or other' }));
    const run = { info: { run_id: 'a', experiment_id: '1', status: 'FINISHED' }, data: { tags, params: tags } };
    const text = JSON.stringify({ runs: Array.from({ length: 7_000 }, () => run) }, undefined, 1);
    assert.ok(text.length > 30_000_000);
    let turns = 0;
    let others = setImmediate(function next() {
      turns++;
      others = setImmediate(next);
    });
    const runs = await fields(await parseInSlices([text])).listInSlices('runs', decodeRun);
    clearImmediate(others);
    assert.equal(runs.length, 7_000);
    assert.ok(turns > 100, `${turns} turns`);
  }).timeout(20_000);
});

describe('decoders', () => {
  it('read metric values in every form the servers send', () => {
    const value = (form: string) => metricOf(`{"key":"a","value":${form},"timestamp":1,"step":2}`).value;
    for (const form of ['"NaN"', 'NaN']) assert.ok(Number.isNaN(value(form)));
    for (const form of ['"Infinity"', 'Infinity', '1.7976931348623157e+308', '1e999'])
      assert.equal(value(form), Number.POSITIVE_INFINITY);
    for (const form of ['"-Infinity"', '-Infinity', '-1.7976931348623157e+308'])
      assert.equal(value(form), Number.NEGATIVE_INFINITY);
    assert.equal(value('1.79e308'), 1.79e308);
    assert.equal(value('"1.5"'), 1.5);
    for (const form of ['null', '"abc"', '""', 'true', '[]']) assert.throws(() => value(form), MlflowError);
  });

  it('give back any metric that was encoded', () => {
    fc.assert(
      fc.property(fc.string(), fc.double(), fc.maxSafeInteger(), (key, value, step) => {
        const { key: name, value: sent, ...rest } = encodeMetric({ key, value, timestamp: 5, step });
        const read = decodeMetric(fields({ key: name, value: sent, ...rest }));
        const expected = Math.abs(value) >= 1.797e308 ? Math.sign(value) * Number.POSITIVE_INFINITY : value;
        assert.deepEqual(read, { key, value: expected, timestamp: 5, step });
      }),
    );
  });

  it('keep the digits of a step beyond 2^53', () => {
    const metric = metricOf('{"key":"a","value":1,"step":9007199254740993}');
    assert.equal(metric.exactStep, '9007199254740993');
    assert.equal(encodeMetric(metric).step, '9007199254740993');
  });

  it('never fail but with an error that names endpoint and field', () => {
    const info = fc.record({ run_id: fc.jsonValue(), experiment_id: fc.jsonValue(), status: fc.jsonValue() });
    const answer = fc.oneof(fc.jsonValue(), fc.record({ info, data: fc.jsonValue(), inputs: fc.jsonValue() }));
    fc.assert(
      fc.property(answer, (value) => {
        try {
          decodeRun(fields(value));
        } catch (error) {
          assert.ok(error instanceof MlflowError && error.kind === 'protocol', String(error));
          assert.ok(error.details.endpoint === 'GET /x' && error.details.field);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('read a run with next to nothing in it, and statuses of the future', () => {
    const run = decodeRun(fields({ info: { run_uuid: 'r', experiment_id: '123456789012345678', status: 'PAUSED' } }));
    assert.deepEqual([run.runId, run.experimentId, run.status], ['r', '123456789012345678', 'UNKNOWN']);
    assert.deepEqual([run.endTime, run.name, run.datasets, run.modelIds], [undefined, '', [], []]);
    const ids = parseWireJson('{"info":{"run_id":"r","experiment_id":278653699610862606}}');
    assert.equal(decodeRun(fields(ids)).experimentId, '278653699610862606');
  });

  it('take keys like __proto__ as keys', () => {
    const tags = JSON.parse('[{"key":"__proto__","value":"x"},{"key":"constructor"}]');
    const run = decodeRun(fields({ info: { run_id: 'r', experiment_id: '1' }, data: { tags } }));
    assert.deepEqual(Object.entries(run.tags), [
      ['__proto__', 'x'],
      ['constructor', ''],
    ]);
    assert.equal(run.params.toString, undefined);
  });

  it('take no path that leads out of a folder for an artifact, and keep the others', () => {
    const bad = ['../../x', 'a/../x', '/x', '\\x', 'a\\b', 'C:x', './x', 'a//b', 'a/', '', 'a\nb', 'a\0', '..'];
    for (const path of bad) assert.equal(isSafePath(path), false, path);
    const listed = [{ path: 'good', file_size: '7' }, ...bad.map((path) => ({ path })), { path: 'sub', is_dir: true }];
    assert.deepEqual(decodeArtifacts(fields({ files: listed })), {
      files: [
        { path: 'good', isFolder: false, size: 7 },
        { path: 'sub', isFolder: true },
      ],
      refused: bad,
    });
    assert.throws(() => decodeArtifacts(fields({ files: [{ path: 7 }] })), MlflowError);
    assert.equal(decodeArtifacts(fields({ files: [{ path: `${'../'.repeat(10_000)}x` }] })).refused[0]?.length, 500);
    for (const path of ['a', 'a/b.txt', '..a', 'a..', 'süß & 1+1?', '...', 'a b']) assert.ok(isSafePath(path));
  });
});

describe('atMost', () => {
  it('keeps order, the first and the last, and says that it chose', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 2, max: 100 }), (length, most) => {
        const rows = Array.from({ length }, (_, step) => ({ key: 'k', value: step + 1, timestamp: step * 2, step }));
        const series = atMost(most, toSeries('r', 'k', rows, false));
        assert.equal(series.steps.length, Math.min(length, most));
        assert.equal(series.sampled, length > most);
        assert.deepEqual(
          [...series.steps],
          [...new Set(series.steps)].sort((a, b) => a - b),
        );
        if (length > 0) assert.deepEqual([series.steps[0], series.steps.at(-1)], [0, length - 1]);
        for (const [at, step] of series.steps.entries())
          assert.deepEqual([series.values[at], series.timestamps[at]], [step + 1, step * 2]);
      }),
    );
  });
});

describe('splitBatch', () => {
  it('sends everything once, in pieces that MLflow takes', () => {
    fc.assert(
      fc.property(fc.nat(2_500), fc.nat(250), fc.nat(250), (metricCount, paramCount, tagCount) => {
        const record = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']));
        const metrics = Array.from({ length: metricCount }, (_, step) => ({ key: 'm', value: 1, timestamp: 1, step }));
        const sent = { metrics: 0, params: 0, tags: 0 };
        const limits = { metrics: 1_000, params: 100, tags: 100 };
        for (const piece of splitBatch({ metrics, params: record(paramCount), tags: record(tagCount) })) {
          for (const kind of ['metrics', 'params', 'tags'] as const) {
            const list: unknown = Object(piece)[kind];
            if (!Array.isArray(list)) continue;
            assert.ok(list.length <= limits[kind]);
            sent[kind] += list.length;
          }
        }
        assert.deepEqual(sent, { metrics: metricCount, params: paramCount, tags: tagCount });
      }),
      { numRuns: 30 },
    );
  });
});
