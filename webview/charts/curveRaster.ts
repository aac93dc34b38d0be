import { type Buckets, bucketKind } from '../../src/shared/series/buckets';
import { dashPatterns, drawsAt, type Look, pixelOfValue } from './curvePainter';
import type { DrawnCurve, Mapping } from './drawnCurve';

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Paints many curves pixel column by pixel column into memory: a hundred lines of three hundred pixels take a canvas
 * 40 ms (180 ms across the page), this 3 ms. Lines are a little less smooth; where there are few they are left to the
 * canvas (`paintCurves`).
 */
export class CurveRaster {
  private image: ImageData | undefined;
  /** Premultiplied, in the byte order of `ImageData` on every machine a browser runs on (little-endian). */
  private pixels = new Uint32Array();
  private width = 0;
  private height = 0;
  private readonly canvas = document.createElement('canvas');
  private readonly colors = new Map<string, number>();

  /** @param ratio pixels of the canvas per CSS pixel */
  paint(
    context: CanvasRenderingContext2D,
    curves: readonly DrawnCurve[],
    mapping: Mapping,
    look: Look,
    area: Area,
    ratio: number,
  ): void {
    this.resize(Math.ceil((area.right - area.left) * ratio), Math.ceil((area.bottom - area.top) * ratio));
    const own = scaled(mapping, area, ratio);
    const { highlight, highContrast } = look;
    const strength = (runId: string) => (highlight === undefined || highlight === runId ? 1 : 0.18);
    const ordered = [...curves].sort((a, b) => Number(a.runId === highlight) - Number(b.runId === highlight));
    for (const { runId, color, raw, smooth, band } of ordered) {
      const alpha = (band ? 0.2 : smooth ? 0.25 : highContrast ? 0.5 : 0.32) * strength(runId);
      this.fill(band?.low ?? raw, band?.high ?? raw, own, this.rgb(color), alpha);
      if (smooth) this.stroke(raw, own, this.rgb(color), 0.25 * strength(runId), ratio, []);
    }
    for (const { runId, color, dash, raw, smooth } of ordered) {
      const width = (runId === highlight ? look.width + 1 : look.width) * ratio;
      const pattern = (dashPatterns[dash % dashPatterns.length] ?? []).map((part) => part * ratio);
      this.stroke(smooth ?? raw, own, this.rgb(color), strength(runId), width, pattern);
    }
    this.show(context, area);
  }

  private resize(width: number, height: number): void {
    if (this.image && this.width === width && this.height === height) {
      this.pixels.fill(0);
      return;
    }
    this.width = this.canvas.width = Math.max(1, width);
    this.height = this.canvas.height = Math.max(1, height);
    this.image = new ImageData(this.width, this.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  private show(context: CanvasRenderingContext2D, { left, top, right, bottom }: Area): void {
    const target = this.canvas.getContext('2d');
    if (!target || !this.image) return;
    unmultiply(this.pixels);
    target.putImageData(this.image, 0, 0);
    context.drawImage(this.canvas, left, top, right - left, bottom - top);
  }

  /** Bands: from the least value to the greatest, one column a row, joined to the row before. */
  private fill(low: Buckets, high: Buckets, mapping: Mapping, rgb: number, alpha: number): void {
    const { kind, count, lastX, min } = low;
    const { ax, bx, floor } = mapping;
    const isBand = low !== high;
    let before = -1;
    for (let row = 0; row < kind.length; row++) {
      const isGap = kind[row] !== bucketKind.points || high.kind[row] !== bucketKind.points;
      const column = isGap ? -1 : Math.floor((lastX[row] ?? 0) * ax + bx);
      if (!isGap && (isBand || (count[row] ?? 0) > 1)) {
        const bottom = pixelOfValue(min[row] ?? Number.NaN, mapping);
        const top = pixelOfValue(high.max[row] ?? Number.NaN, mapping);
        const from = before >= 0 ? Math.min(before + 1, column) : column;
        if (!Number.isNaN(top))
          for (let at = from; at <= column; at++) this.span(at, top, Number.isNaN(bottom) ? floor : bottom, rgb, alpha);
      }
      before = column;
    }
  }

  private stroke(
    rows: Buckets,
    mapping: Mapping,
    rgb: number,
    alpha: number,
    width: number,
    dash: readonly number[],
  ): void {
    const { kind, x, lastX, first, last } = rows;
    const { ax, bx } = mapping;
    let fromX = Number.NaN;
    let fromY = Number.NaN;
    for (let row = 0; row < kind.length; row++) {
      const toY = kind[row] === bucketKind.points ? pixelOfValue(last[row] ?? Number.NaN, mapping) : Number.NaN;
      if (Number.isNaN(toY)) {
        fromY = Number.NaN;
        continue;
      }
      const toX = (lastX[row] ?? 0) * ax + bx;
      if (Number.isNaN(fromY)) {
        const begin = pixelOfValue(first[row] ?? Number.NaN, mapping);
        fromX = (x[row] ?? 0) * ax + bx;
        fromY = Number.isNaN(begin) ? toY : begin;
      }
      this.segment(fromX, fromY, toX, toY, rgb, alpha, width / 2, dash);
      fromX = toX;
      fromY = toY;
    }
  }

  /** Column by column, what the segment covers in it. */
  private segment(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    rgb: number,
    alpha: number,
    half: number,
    dash: readonly number[],
  ): void {
    const start = Math.max(0, Math.floor(x0));
    const end = Math.min(this.width - 1, Math.floor(x1));
    const slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0;
    for (let column = start; column <= end; column++) {
      if (dash.length > 0 && !drawsAt(dash, column)) continue;
      const from = column <= x0 ? y0 : y0 + (column - x0) * slope;
      const to = column + 1 >= x1 ? y1 : y0 + (column + 1 - x0) * slope;
      this.span(column, Math.min(from, to) - half, Math.max(from, to) + half, rgb, alpha);
    }
  }

  /** Part of a column; ends inside a pixel colour it in part. */
  private span(column: number, top: number, bottom: number, rgb: number, alpha: number): void {
    const { width, height } = this;
    if (column < 0 || column >= width || bottom <= 0 || top >= height) return;
    const weight = Math.round(alpha * 256);
    const from = top > 0 ? Math.floor(top) : 0;
    const to = bottom < height ? Math.ceil(bottom) - 1 : height - 1;
    if (from === to) {
      this.blend(from * width + column, width, 1, rgb, Math.round((bottom - Math.max(0, top)) * weight));
      return;
    }
    const first = top > from ? 1 : 0;
    const last = bottom < to + 1 ? 1 : 0;
    if (first) this.blend(from * width + column, width, 1, rgb, Math.round((from + 1 - top) * weight));
    this.blend((from + first) * width + column, width, to + 1 - last - from - first, rgb, weight);
    if (last) this.blend(to * width + column, width, 1, rgb, Math.round((bottom - to) * weight));
  }

  /** `over` in premultiplied colours, two channels at a time, for pixels below each other. @param weight 0 … 256 */
  private blend(from: number, width: number, rows: number, rgb: number, weight: number): void {
    const { pixels } = this;
    const end = from + rows * width;
    if (weight >= 256) {
      const solid = (rgb | 0xff000000) >>> 0;
      for (let at = from; at < end; at += width) pixels[at] = solid;
      return;
    }
    const rest = 256 - weight;
    const odd = Math.imul(rgb & 0xff00ff, weight);
    const even = Math.imul(((rgb >>> 8) & 0xff) | 0xff0000, weight);
    for (let at = from; at < end; at += width) {
      const under = pixels[at] ?? 0;
      const low = ((Math.imul(under & 0xff00ff, rest) + odd) >>> 8) & 0xff00ff;
      pixels[at] = (low | ((Math.imul((under >>> 8) & 0xff00ff, rest) + even) & 0xff00ff00)) >>> 0;
    }
  }

  /** A colour of the theme as 0xBBGGRR. */
  private rgb(color: string): number {
    const known = this.colors.get(color);
    if (known !== undefined) return known;
    const context = this.canvas.getContext('2d');
    if (context) context.fillStyle = color;
    const [, red = '80', green = '80', blue = '80'] = /^#(..)(..)(..)/.exec(String(context?.fillStyle)) ?? [];
    const made = Number.parseInt(blue + green + red, 16);
    this.colors.set(color, made);
    return made;
  }
}

function scaled({ ax, bx, ay, by, logY, floor }: Mapping, { left, top }: Area, ratio: number): Mapping {
  return {
    ax: ax * ratio,
    bx: (bx - left) * ratio,
    ay: ay * ratio,
    by: (by - top) * ratio,
    logY,
    floor: (floor - top) * ratio,
  };
}

/** 255 / alpha, for canvases, which want colours that are not premultiplied. */
const inverse = Float32Array.from({ length: 256 }, (_, alpha) => (alpha === 0 ? 0 : 255 / alpha));

function unmultiply(pixels: Uint32Array): void {
  for (let at = 0; at < pixels.length; at++) {
    const pixel = pixels[at] ?? 0;
    const alpha = pixel >>> 24;
    if (alpha === 0 || alpha === 255) continue;
    const by = inverse[alpha] ?? 0;
    const red = Math.min(255, (pixel & 0xff) * by);
    const green = Math.min(255, ((pixel >>> 8) & 0xff) * by);
    const blue = Math.min(255, ((pixel >>> 16) & 0xff) * by);
    pixels[at] = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }
}
