import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RunCurve } from '../../../src/shared/series/runCurves';
import { CurveBuckets, loggedInterval } from '../../../webview/charts/curveBuckets';
import { paintCurves } from '../../../webview/charts/curvePainter';
import { CurveRaster } from '../../../webview/charts/curveRaster';
import type { DrawnCurve, Mapping } from '../../../webview/charts/drawnCurve';

const size = { width: 300, height: 200 };
const area = { left: 0, top: 0, right: size.width, bottom: size.height };
const look = { width: 1.5, highContrast: false };
/** What all points are but the spikes, in the units of y; the axis shows -100 … 100. */
const calm = 1;

const cases = fc.record({
  points: fc.integer({ min: 2, max: 120_000 }),
  spikes: fc.array(
    fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.constantFrom(90, 55, -70, -95) }),
    { minLength: 1, maxLength: 6 },
  ),
  gaps: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
  zoom: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  logX: fc.boolean(),
  smooth: fc.boolean(),
  /** Steps are not evenly logged. */
  uneven: fc.boolean(),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

interface Scene {
  readonly drawn: readonly DrawnCurve[];
  readonly mapping: Mapping;
  /** Pixels where a spike has to be seen. */
  readonly expected: readonly { readonly x: number; readonly y: number }[];
}

function sceneOf({ points, spikes, gaps, zoom, logX, smooth, uneven }: Case): Scene {
  const x = Float64Array.from({ length: points }, (_, at) => 1 + at + (uneven ? (at % 7) * 0.1 : 0));
  const y = new Float64Array(points).fill(calm);
  const place = (part: number) => Math.min(points - 1, Math.floor(part * points));
  for (const part of gaps) y[place(part)] = Number.NaN;
  for (const { at, value } of spikes) y[place(at)] = value;
  const [a, b] = zoom.map((part) => 1 + part * points).sort((one, other) => one - other);
  const interval = { min: a ?? 1, max: Math.max(b ?? 1, (a ?? 1) + 0.5) };
  const flat = new Float64Array(points).fill(calm);
  const curve: RunCurve = {
    runId: 'r',
    name: 'r',
    color: 0,
    dash: 0,
    sampled: false,
    steps: x,
    x,
    y,
    ...(smooth ? { smooth: flat } : {}),
  };
  const drawn = new CurveBuckets().of({ curves: [curve], interval, logX }, size.width, () => '#ff0000');
  const shown = logX ? loggedInterval(interval) : interval;
  const ax = size.width / (shown.max - shown.min);
  const mapping = { ax, bx: -shown.min * ax, ay: -1, by: size.height / 2, logY: false, floor: size.height };
  const expected = spikes.flatMap(({ at }) => {
    const row = place(at);
    const [step = 0, value = 0] = [x[row], y[row]];
    if (step < interval.min || step > interval.max) return [];
    return [{ x: (logX ? Math.log10(step) : step) * ax + mapping.bx, y: value * mapping.ay + mapping.by }];
  });
  return { drawn, mapping, expected };
}

/** Whether a pixel or one beside it is painted: a line of a pixel's width may stand in either of two. */
const near = (isPainted: (x: number, y: number) => boolean, at: { x: number; y: number }) =>
  [-1.5, -1, -0.5, 0, 0.5, 1, 1.5].some((dx) => [-1, 0, 1].some((dy) => isPainted(at.x + dx, at.y + dy)));

/** What a 2D context is told, as far as curves tell it: rectangles, lines and dots. */
class Recorder {
  readonly boxes: { left: number; right: number; top: number; bottom: number }[] = [];
  private from = { x: 0, y: 0 };

  readonly context = {
    beginPath: () => undefined,
    stroke: () => undefined,
    fill: () => undefined,
    setLineDash: () => undefined,
    rect: (x: number, y: number, width: number, height: number) => this.box(x, x + width, y, y + height),
    moveTo: (x: number, y: number) => {
      this.from = { x, y };
    },
    lineTo: (x: number, y: number) => {
      // The ends of a line are enough to know that it was there.
      this.box(this.from.x, this.from.x, this.from.y, this.from.y);
      this.box(x, x, y, y);
      this.from = { x, y };
    },
    arc: (x: number, y: number) => this.box(x, x, y, y),
  } as unknown as CanvasRenderingContext2D;

  private box(x0: number, x1: number, y0: number, y1: number): void {
    this.boxes.push({
      left: Math.min(x0, x1),
      right: Math.max(x0, x1),
      top: Math.min(y0, y1),
      bottom: Math.max(y0, y1),
    });
  }

  readonly isPainted = (x: number, y: number) =>
    this.boxes.some(
      ({ left, right, top, bottom }) => x >= left - 0.5 && x <= right + 0.5 && y >= top - 0.5 && y <= bottom + 0.5,
    );
}

describe('a spike', () => {
  it('is in the picture at every zoom, drawn as lines', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { drawn, mapping, expected } = sceneOf(input);
        const recorder = new Recorder();
        paintCurves(recorder.context, drawn, mapping, look);
        for (const at of expected) assert.ok(near(recorder.isPainted, at), JSON.stringify(at));
      }),
      { numRuns: 150 },
    );
  });

  it('is in the picture at every zoom, drawn pixel by pixel', () => {
    let painted: Uint8ClampedArray = new Uint8ClampedArray();
    let width = 0;
    class Image {
      readonly data: Uint8ClampedArray;
      constructor(across: number, down: number) {
        width = across;
        this.data = new Uint8ClampedArray(4 * across * down);
      }
    }
    const canvas = {
      getContext: () => ({
        fillStyle: '',
        putImageData: (image: Image) => {
          painted = image.data;
        },
      }),
    };
    const outer = { ...globalThis };
    Object.assign(globalThis, { ImageData: Image, document: { createElement: () => canvas } });
    try {
      const context = { drawImage: () => undefined } as unknown as CanvasRenderingContext2D;
      const isPainted = (x: number, y: number) => {
        const [column, row] = [Math.floor(x), Math.floor(y)];
        return column >= 0 && column < width && (painted[4 * (row * width + column) + 3] ?? 0) > 25;
      };
      const raster = new CurveRaster();
      fc.assert(
        fc.property(cases, (input) => {
          const { drawn, mapping, expected } = sceneOf(input);
          raster.paint(context, drawn, mapping, look, area, 1);
          for (const at of expected) assert.ok(near(isPainted, at), JSON.stringify(at));
        }),
        { numRuns: 150 },
      );
    } finally {
      for (const name of ['ImageData', 'document']) {
        if (name in outer) Object.assign(globalThis, { [name]: Reflect.get(outer, name) });
        else Reflect.deleteProperty(globalThis, name);
      }
    }
  });
});
