import { svg } from 'lit';

const icon = (path: string) =>
  svg`<svg class="icon" width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${path}></path></svg>`;

export const icons = {
  refresh: icon('M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3'),
  table: icon('M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6M2.5 9.5h11'),
  chart: icon('M2.5 2.5v11h11M5 10l2.5-3.5 2 1.5L13 4'),
  compare: icon('M3 3h4v10H3zM9 5.5h4v7.5H9zM9 3h4'),
  chevron: icon('m6 4 4 4-4 4'),
  unzoom: icon('M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5l3 3M5 7h4'),
  list: icon('M6 4h7.5M6 8h7.5M6 12h7.5M2.8 4h.4M2.8 8h.4M2.8 12h.4'),
  finished: icon('m3.5 8.5 3 3 6-7'),
  failed: icon('m4.5 4.5 7 7M11.5 4.5l-7 7'),
  running: icon('M13 8a5 5 0 1 1-5-5'),
  killed: icon('M4.5 4.5h7v7h-7z'),
  waiting: icon('M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10ZM8 5.5V8l1.8 1.2'),
  grip: icon('M6 3.5v.1M6 8v.1M6 12.4v.1M10 3.5v.1M10 8v.1M10 12.4v.1'),
  settings: icon('M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 6V3M6 13v-3'),
  expand: icon('M9.5 2.5h4v4M13.5 2.5l-5 5M6.5 13.5h-4v-4M2.5 13.5l5-5'),
  shrink: icon('M13 7H9V3M9 7l4.5-4.5M3 9h4v4M7 9l-4.5 4.5'),
  add: icon('M8 3v10M3 8h10'),
  close: icon('m4 4 8 8M12 4l-8 8'),
  loadAll: icon('M8 2.5v7M5 6.8l3 3 3-3M3 13h10'),
  warning: icon('M8 2.5 14 13H2zM8 6.5v3M8 11.3v.2'),
} as const;
