import type { ChartKind } from '../../../src/shared/view/chartDefinition';
import type { KindInput, Picture } from './picture';

export type MakePicture = (input: KindInput) => Picture;

/** Kinds that are drawn over columns; lines, images and text have elements of their own. */
export type DrawnKind = Exclude<ChartKind, 'line' | 'images' | 'text'>;

/** Each kind's code, and what of chart.js it needs, is read when the first such chart is drawn. */
export const loadKind: Readonly<Record<DrawnKind, () => Promise<MakePicture>>> = {
  bar: async () => (await import('./bar')).barPicture,
  scatter: async () => (await import('./scatter')).scatterPicture,
  bubble: async () => (await import('./scatter')).scatterPicture,
  parallel: async () => (await import('./parallel')).parallelPicture,
  box: async () => (await import('./box')).boxPicture,
  heatmap: async () => (await import('./heatmap')).heatMapPicture,
  difference: async () => (await import('./difference')).differencePicture,
  histogram: async () => (await import('./histogram')).histogramPicture,
};
