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
  warning: icon('M8 2.5 14 13H2zM8 6.5v3M8 11.3v.2'),
  columns: icon('M2.5 3.5h11v9h-11zM6.2 3.5v9M9.8 3.5v9'),
  more: icon('M3.4 8h.2M7.9 8h.2M12.4 8h.2'),
  pin: icon('M6 2.5h4M6.5 2.5v4L4.5 9h7l-2-2.5v-4M8 9v4.5'),
  eye: icon('M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z'),
  eyeOff: icon(
    'M2 2l12 12M6.3 4.1A6 6 0 0 1 8 3.8c4 0 6.5 4.2 6.5 4.2a12 12 0 0 1-1.9 2.3M10.4 11.8a6 6 0 0 1-2.4.4C4 12.2 1.5 8 1.5 8a12 12 0 0 1 2.7-3',
  ),
  sortUp: icon('M8 12.5v-9M4.5 7 8 3.5 11.5 7'),
  sortDown: icon('M8 3.5v9M4.5 9 8 12.5 11.5 9'),
  close: icon('m4.5 4.5 7 7M11.5 4.5l-7 7'),
  tree: icon('M3 3.5h4M5 3.5v9h3M5 8h3M9.5 8h4M9.5 12.5h4'),
  trash: icon('M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9M7 7v4M9 7v4'),
  check: icon('m3.5 8.5 3 3 6-7'),
  filter: icon('M2.5 3.5h11L9.5 8.5v4l-3 1v-5z'),
  history: icon('M3.2 5.5A5.2 5.2 0 1 1 2.8 8M3 2.8v2.9h2.9M8 5v3.2l2.2 1.3'),
  help: icon('M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM6.3 6.4A1.7 1.7 0 1 1 8 8.2v1M8 11v.2'),
  copy: icon('M5.5 5.5h7v8h-7zM3.5 10.5v-8h7'),
  download: icon('M8 2.5v7M5 7l3 3 3-3M3 13h10'),
  edit: icon('M3 13l.6-2.6 7.2-7.2 2 2-7.2 7.2zM9.4 4.6l2 2'),
  tag: icon('M3 3h5l5.5 5.5-5 5L3 8zM5.6 5.6h.1'),
} as const;
