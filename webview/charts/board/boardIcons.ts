import { svg } from 'lit';
import type { ChartKind } from '../../../src/shared/view/chartDefinition';

const icon = (path: string) =>
  svg`<svg class="icon" width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${path}></path></svg>`;

export const boardIcons = {
  add: icon('M8 3v10M3 8h10'),
  edit: icon('M3 13h2.5L13 5.5 10.5 3 3 10.5zM9 4.5 11.5 7'),
  save: icon('M8 2.5v7M5 7l3 3 3-3M3 12.8h10'),
  more: icon('M3.5 8h.1M8 8h.1M12.5 8h.1'),
  grip: icon('M6 4h.1M10 4h.1M6 8h.1M10 8h.1M6 12h.1M10 12h.1'),
  full: icon('M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3'),
  leave: icon('M6 3v3H3M13 6h-3V3M10 13v-3h3M3 10h3v3'),
} as const;

export const kindIcons: Readonly<Record<ChartKind, unknown>> = {
  line: icon('M2.5 2.5v11h11M5 10l2.5-3.5 2 1.5L13 4'),
  bar: icon('M2.5 13.5h11M4.5 13V8M8 13V4M11.5 13V6.5'),
  scatter: icon('M2.5 2.5v11h11M6 10h.1M8 6.5h.1M10.5 8.5h.1M12 4.5h.1'),
  bubble: icon('M6 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM11.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM12 12h.1'),
  parallel: icon('M3 2.5v11M8 2.5v11M13 2.5v11M3 10l5-5 5 4'),
  box: icon('M8 2.5V5M5 5h6v5H5zM5 7.5h6M8 10v3.5M6 2.5h4M6 13.5h4'),
  heatmap: icon('M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11'),
  difference: icon('M2.5 8h11M5 8V4M8 8v4M11 8V5.5'),
  histogram: icon('M2.5 13.5h11M3.5 13v-3M6 13V6M8.5 13V3.5M11 13V8M13 13v-2'),
  images: icon('M2.5 3h11v10h-11zM2.5 11l3.5-3.5 2.5 2.5 2-2 3 3M10.5 6h.1'),
  text: icon('M3 4h10M3 7h10M3 10h7M3 13h5'),
};
