import assert from 'node:assert/strict';
import fc from 'fast-check';
import { artifactRows } from '../../../src/experiments/run/artifactRows';
import { metricLevel, sortedMetrics } from '../../../src/experiments/run/metricGroups';
import { metricStats } from '../../../src/experiments/run/metricStats';
import { taggedModels, versionsOfArtifact, versionsOfLoggedModel } from '../../../src/experiments/run/modelTag';
import { pageSize, rangesOf } from '../../../src/experiments/run/ranges';
import type { Metric } from '../../../src/shared/domain';

const metric = (key: string): Metric => ({ key, value: 1, timestamp: 0, step: 0 });
const metrics = (...keys: string[]) => sortedMetrics(Object.fromEntries(keys.map((key) => [key, metric(key)])));
const many = (length: number, name: (at: number) => string) => Array.from({ length }, (_, at) => name(at));
const shown = (entries: ReturnType<typeof metricLevel>) =>
  entries.map((entry) => (entry.kind === 'metric' ? entry.metric.key : `${entry.prefix} ${entry.members.length}`));

describe('ranges', () => {
  it('are not made of what fits', () => {
    assert.equal(rangesOf(many(pageSize, String)), undefined);
    assert.deepEqual(rangesOf([]), undefined);
  });

  it('keep every item, in order, and every level small', () => {
    const walk = (items: readonly number[], size: number): number[] => {
      const ranges = rangesOf(items, size);
      if (!ranges) return [...items];
      assert.ok(ranges.length <= size && ranges.length > 1, `${ranges.length} ranges of ${items.length}`);
      for (const { start, items: part } of ranges) assert.equal(part[0], items[start]);
      return ranges.flatMap((range) => walk(range.items, size));
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 2, max: 40 }), (length, size) => {
        const items = Array.from({ length }, (_, at) => at);
        assert.deepEqual(walk(items, size), items);
      }),
    );
    assert.equal(rangesOf(many(12_000, String))?.length, 60);
    assert.equal(rangesOf(many(100_000, String))?.length, 3);
  });
});

describe('metrics of a run', () => {
  it('are listed as they are when they are few, those of the machine apart', () => {
    const found = metricLevel(metrics('val/loss', 'loss', 'system/cpu', 'val/acc'));
    assert.deepEqual(shown(found), ['system/ 1', 'loss', 'val/acc', 'val/loss']);
  });

  it('stand in folders when they are many, but none alone in one', () => {
    const keys = [...many(60, (at) => `train/layer_${at}/w`), 'val/loss', 'val/acc', 'alone/x', 'loss', '/odd', 'a//b'];
    const found = metricLevel(metrics(...keys));
    assert.deepEqual(shown(found), ['train/ 60', 'val/ 2', '/odd', 'a//b', 'alone/x', 'loss']);
    const [train] = found;
    assert.ok(train?.kind === 'folder');
    assert.equal(shown(metricLevel(train.members, train.prefix))[2], 'train/layer_2/w');
  });

  it('are all there exactly once, whatever their keys', () => {
    const walk = (members: readonly Metric[], prefix = ''): string[] =>
      metricLevel(members, prefix).flatMap((entry) => {
        if (entry.kind === 'metric') return [entry.metric.key];
        assert.ok(
          entry.prefix.length > prefix.length && entry.members.every(({ key }) => key.startsWith(entry.prefix)),
        );
        return walk(entry.members, entry.prefix);
      });
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é'), maxLength: 7 });
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 40, maxLength: 200 }), (keys) => {
        assert.deepEqual(walk(metrics(...keys)).sort(), [...keys].sort());
      }),
    );
  });
});

describe('the history of a metric', () => {
  const stats = (...values: number[]) =>
    metricStats({ values: Float64Array.from(values), steps: Float64Array.from(values, (_, at) => at * 10) });

  it('gives the first of the least and the greatest, past NaN', () => {
    assert.deepEqual(stats(Number.NaN, 2, -1, 5, -1, 5, Number.NaN), {
      points: 7,
      nan: 2,
      min: { value: -1, step: 20 },
      max: { value: 5, step: 30 },
    });
  });

  it('takes infinities for what they are', () => {
    const { min, max } = stats(1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    assert.deepEqual(
      [min, max],
      [
        { value: Number.NEGATIVE_INFINITY, step: 10 },
        { value: Number.POSITIVE_INFINITY, step: 20 },
      ],
    );
  });

  it('has no extremes where every value is NaN, or none is there', () => {
    assert.deepEqual(stats(Number.NaN, Number.NaN), { points: 2, nan: 2 });
    assert.deepEqual(stats(), { points: 0, nan: 0 });
  });
});

describe('a listing of artifacts', () => {
  const file = (path: string) => ({ path, isFolder: false, size: 1 });
  const folder = (path: string) => ({ path, isFolder: true });

  it('shows folders first, then by name', () => {
    const rows = artifactRows('a', { files: [file('a/f10'), file('a/f2'), folder('a/z'), file('a/f2')], refused: [] });
    assert.deepEqual(
      rows.map((row) => row.kind === 'artifact' && row.artifact.path),
      ['a/z', 'a/f2', 'a/f10'],
    );
  });

  it('gives nothing away that leads out of its folder', () => {
    const bad = ['../../x', '/etc/passwd', 'a/../../x', 'C:/x', 'a\\..\\x', 'a', 'b/x', 'a/b/c', '', 'a/x\ny'];
    const rows = artifactRows('a', {
      files: [...bad.map(file), folder('a'), file('a/good')],
      refused: ['../y', '/etc/passwd'],
    });
    assert.deepEqual(
      rows.filter((row) => row.kind === 'artifact'),
      [{ kind: 'artifact', artifact: file('a/good') }],
    );
    const refused = rows.flatMap((row) => (row.kind === 'refused' ? [row.listedAs] : []));
    assert.deepEqual(refused.sort(), ['../y', ...bad].sort());
  });
});

describe("the tag with MLflow 2's logged models", () => {
  const read = (value: unknown) =>
    taggedModels({ tags: { 'mlflow.log-model.history': typeof value === 'string' ? value : JSON.stringify(value) } });

  it('is read field by field, the last of a path wins', () => {
    const entry = { artifact_path: 'model', flavors: { python_function: {}, sklearn: {} }, model_uuid: 'u' };
    const found = read([
      entry,
      { artifact_path: 'other' },
      { ...entry, model_uuid: 'v', utc_time_created: '2026-01-31' },
    ]);
    assert.deepEqual(found, {
      models: [
        { artifactPath: 'model', flavors: ['python_function', 'sklearn'], uuid: 'v', created: '2026-01-31' },
        { artifactPath: 'other', flavors: [] },
      ],
      unreadable: false,
    });
    assert.deepEqual(taggedModels({ tags: {} }), { models: [], unreadable: false });
  });

  it('says when it is something else, and keeps what is right', () => {
    for (const value of ['', '{', 'null', '1', '{"artifact_path":"x"}']) {
      const found = read(value);
      assert.deepEqual(found, { models: [], unreadable: value !== '' }, value);
    }
    const mixed = read([null, 1, [], { artifact_path: 1 }, { artifact_path: 'ok', flavors: 'x', model_uuid: {} }]);
    assert.deepEqual(mixed, { models: [{ artifactPath: 'ok', flavors: [] }], unreadable: true });
    fc.assert(fc.property(fc.jsonValue(), (value) => void read(value)));
  });

  it('finds the versions registered from a model', () => {
    const of = (source: string) => ({ source });
    const versions = [
      of('models:/m-1'),
      of('mlflow-artifacts:/1/models/m-1/artifacts'),
      of('models:/m-12'),
      of('s3://x'),
    ];
    assert.deepEqual(versionsOfLoggedModel(versions, 'm-1'), versions.slice(0, 2));
    const artifacts = [of('mlflow-artifacts:/1/r/artifacts/model'), of('runs:/r/model/'), of('x/r/artifacts/model2')];
    assert.deepEqual(versionsOfArtifact(artifacts, 'r', 'model'), artifacts.slice(0, 2));
  });
});
