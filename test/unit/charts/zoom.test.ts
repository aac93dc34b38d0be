import assert from 'node:assert/strict';
import fc from 'fast-check';
import { settingsOf, shownInterval } from '../../../src/shared/view/chartSettings';
import { decodeViewState, initialView } from '../../../src/shared/viewState';
import { piecesOf } from '../../../webview/charts/intervalDetail';
import { clampedTo, panned, zoomed } from '../../../webview/charts/zoomMath';

const whole = { min: 0, max: 100 };

describe('zooming', () => {
  it('keeps the point under the pointer where it is, on linear and log axes', () => {
    assert.deepEqual(zoomed({ min: 0, max: 100 }, 25, 0.5, false), { min: 12.5, max: 62.5 });
    const { min, max } = zoomed({ min: 1, max: 10_000 }, 100, 0.5, true);
    assert.ok(Math.abs(min - 10) < 1e-9 && Math.abs(max - 1_000) < 1e-6);
  });

  it('never leaves what there is, and everything is no zoom', () => {
    assert.equal(clampedTo({ min: -5, max: 200 }, whole), undefined);
    assert.deepEqual(clampedTo({ min: -5, max: 20 }, whole), { min: 0, max: 20 });
    assert.equal(clampedTo({ min: 200, max: 300 }, whole), undefined);
  });

  it('pans as wide as it is, up to the ends', () => {
    assert.deepEqual(panned({ min: 10, max: 30 }, 0.5, false, whole), { min: 20, max: 40 });
    assert.deepEqual(panned({ min: 10, max: 30 }, -5, false, whole), { min: 0, max: 20 });
    assert.deepEqual(panned({ min: 10, max: 30 }, 50, false, whole), { min: 80, max: 100 });
    assert.deepEqual(panned({ min: 10, max: 30 }, 1, false, undefined), { min: 30, max: 50 });
  });

  it('fetches an interval in pieces that hold every step once', () => {
    const number = (steps: number, points: number) => piecesOf({ startStep: 0, endStep: steps - 1 }, points).length;
    assert.deepEqual([number(2_499, 2_499), number(400_000, 2_499), number(400_000, 4_000)], [1, 1, 2]);
    assert.deepEqual([number(1_000_000, 9_996), number(1_000_000, 9_997), number(1, 9_000)], [4, 1, 1]);
    const steps = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), steps, steps, (startStep, length, points) => {
        const pieces = piecesOf({ startStep, endStep: startStep + length }, points);
        assert.equal(pieces[0]?.startStep, startStep);
        assert.equal(pieces.at(-1)?.endStep, startStep + length);
        for (const [at, piece] of pieces.entries()) {
          assert.ok(piece.startStep <= piece.endStep);
          if (at > 0) assert.equal(piece.startStep, (pieces[at - 1]?.endStep ?? 0) + 1);
        }
      }),
    );
  });
});

describe('the settings of one chart', () => {
  it('are its own where it has some, even for a metric called constructor', () => {
    const view = {
      ...initialView,
      logY: true,
      perChart: { loss: { logY: false, axis: 'metric' as const, xMetric: 'epoch' } },
    };
    assert.deepEqual([settingsOf(view, 'loss').logY, settingsOf(view, 'loss').axisId], [false, 'metric epoch']);
    assert.deepEqual([settingsOf(view, 'constructor').logY, settingsOf(view, 'constructor').axisId], [true, 'step']);
    assert.deepEqual(settingsOf(view, '__proto__').own, {});
  });

  it('show what was zoomed to, else the own limits, else everything; on a log axis only what is positive', () => {
    const limits = { xMin: 10, xMax: 50 };
    assert.deepEqual(shownInterval(whole, { min: 1, max: 2 }, limits, undefined), { min: 1, max: 2 });
    assert.deepEqual(shownInterval(whole, undefined, limits, undefined), limits.xMin ? { min: 10, max: 50 } : whole);
    assert.deepEqual(shownInterval(whole, undefined, {}, 3), { min: 3, max: 100 });
    assert.deepEqual(shownInterval(whole, undefined, { xMin: -4 }, 3), { min: 3, max: 100 });
    assert.equal(shownInterval(whole, undefined, {}, Number.NaN), undefined);
    assert.equal(shownInterval(undefined, undefined, {}, undefined), undefined);
    assert.deepEqual(shownInterval(whole, undefined, { xMin: 500 }, undefined), { min: 500, max: 500 });
  });

  it('are read from anything, and survive a round through JSON', () => {
    const perChart = {
      loss: {
        size: 'wide',
        height: 9,
        yMin: 5,
        yMax: 1,
        xMin: 0,
        logX: 'yes',
        smoothing: 3,
        groupBy: ['params.lr', 1],
        zoom: { min: 3, max: 3 },
      },
      accuracy: { zoom: { min: 3, max: 4, more: 1 } },
      odd: 7,
    };
    const view = decodeViewState({
      axis: 'metric',
      perChart,
      expressions: [{ id: 'e', text: '1' }, { id: 3 }],
      full: 4,
      fullBoard: 'chart-2',
    });
    assert.equal(view.axis, 'step');
    assert.deepEqual(view.perChart, {
      loss: { size: 'wide', height: 180, xMin: 0, smoothing: 0.99, groupBy: ['params.lr'] },
      accuracy: { zoom: { min: 3, max: 4 } },
    });
    assert.equal(view.fullBoard, 'chart-2');
    assert.ok(!('fullBoard' in decodeViewState({ fullBoard: {} })));
    assert.deepEqual([view.expressions, 'full' in view], [[{ id: 'e', text: '1' }], false]);
    assert.deepEqual(decodeViewState(JSON.parse(JSON.stringify(view))), view);
    fc.assert(fc.property(fc.jsonValue(), (raw) => void decodeViewState(raw)));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (raw) => void decodeViewState({ perChart: raw })),
    );
  });
});
