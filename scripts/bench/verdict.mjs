// @ts-check
// What is promised at sizes that hurt, and whether the figures keep it. Pure: figures in, rows out.

/**
 * Names of figures → one value per repetition; why something is missing.
 * @typedef {{samples: Record<string, number[]>, problems: string[]}} Figures
 */

/**
 * One promise. `flowdeck` and `peer` name figures of the group. The limits: `ratio` times the peer, `plus` ms more than
 * the peer, `most` ms or bytes. `worst`: every repetition has to keep it, not the median of them. `least`: a figure that
 * has to reach a value, else something smaller was measured; `within`: one that must not exceed a value in any repetition.
 * @typedef {{
 *   id: string, group: string, work: string, flowdeck: string, peer?: string, bar: string,
 *   ratio?: number, plus?: number, most?: number, worst?: boolean, unit?: 'bytes', least?: {figure: string, value: number}, within?: {figure: string, value: number},
 * }} Promised
 */

/**
 * `flowdeck_ms` is null where nothing, or no time, was measured; `bytes` holds what is no time. `spread`: smallest and
 * largest of the repetitions.
 * @typedef {{
 *   id: string, work: string, flowdeck_ms: number | null, peer_ms: number | null, ratio: number | null, bar: string, ok: boolean,
 *   bytes?: number, peer_warm_ms?: number, spread?: [number, number], problems?: string[],
 * }} Row
 */

/** @type {readonly Promised[]} */
export const promises = [
  {
    id: 'table-10k',
    group: 'table-10k',
    work: 'runs table, 10,000 runs: first rows',
    flowdeck: 'flowdeckFirst',
    peer: 'peerColdFirst',
    bar: '≤ 0.25 × the web UI',
    ratio: 0.25,
  },
  {
    id: 'table-10k-http',
    group: 'table-10k',
    work: 'the same beside the bare HTTP request',
    flowdeck: 'flowdeckFirst',
    peer: 'http',
    bar: '≤ the request + 250 ms',
    plus: 250,
  },
  {
    id: 'table-wide',
    group: 'table-wide',
    work: 'runs table, 200 runs × 1,000 metrics: first rows',
    flowdeck: 'flowdeckFirst',
    peer: 'peerColdFirst',
    bar: '≤ 0.5 × the web UI',
    ratio: 0.5,
  },
  {
    id: 'charts-10',
    group: 'charts-10',
    work: 'charts, 10 runs × 5 metrics × 1,000 points: all drawn',
    flowdeck: 'flowdeckAll',
    peer: 'peerColdAll',
    bar: '≤ 0.25 × the web UI',
    ratio: 0.25,
  },
  {
    id: 'charts-long-first',
    group: 'charts-long',
    work: 'charts, 10 runs × 3 metrics × 100,000 points: first drawn',
    flowdeck: 'flowdeckFirst',
    peer: 'peerColdFirst',
    bar: '≤ 0.6 × the web UI',
    ratio: 0.6,
  },
  {
    id: 'charts-long-all',
    group: 'charts-long',
    work: 'the same: all three drawn',
    flowdeck: 'flowdeckAll',
    peer: 'peerColdAll',
    bar: '≤ 0.9 × the web UI',
    ratio: 0.9,
  },
  {
    id: 'charts-100',
    group: 'charts-100',
    work: 'charts, 100 runs × 5 metrics × 1,000 points: all drawn after the last byte',
    flowdeck: 'drawnAfterBytes',
    bar: '≤ 3 s',
    most: 3000,
  },
  {
    id: 'pan',
    group: 'pan',
    work: 'pan and zoom, 100 runs × 10,000 points: 95 % of frames',
    flowdeck: 'p95',
    bar: '≤ 16.7 ms',
    most: 16.7,
  },
  {
    id: 'host-loop',
    group: 'table-wide',
    work: 'extension host stands still while 33 MB of runs arrive: longest',
    flowdeck: 'blocked',
    bar: '≤ 50 ms',
    most: 50,
    worst: true,
    least: { figure: 'runBytes', value: 30e6 },
  },
  {
    id: 'host-busy',
    group: 'table-wide',
    work: 'the same, without waiting for a processor that others have (Linux)',
    flowdeck: 'busy',
    bar: '≤ 50 ms',
    most: 50,
    worst: true,
    least: { figure: 'runBytes', value: 30e6 },
  },
  {
    id: 'bytes',
    group: 'bytes',
    work: 'bytes into the page for 1,000,000 points',
    flowdeck: 'bytes',
    bar: '≤ 17 MB, typed arrays only',
    most: 17e6,
    unit: 'bytes',
  },
  {
    id: 'grid-frames',
    group: 'grid',
    work: 'runs table, 100,000 runs × 12,000 columns: scrolling and jumping, 95 % of frames',
    flowdeck: 'frames',
    bar: '≤ 16.7 ms',
    most: 16.7,
  },
  {
    id: 'grid-work',
    group: 'grid',
    work: 'the same: processor time of the page for a frame',
    flowdeck: 'work',
    bar: '≤ 16.7 ms',
    most: 16.7,
  },
  {
    id: 'grid-memory',
    group: 'grid',
    work: 'the same: memory of the page, arrays included',
    flowdeck: 'memory',
    bar: '≤ 400 MB',
    most: 400e6,
    unit: 'bytes',
  },
  {
    id: 'sort',
    group: 'work',
    work: '100,000 runs sorted by three columns and nested, beside the platform sorting their names alone',
    flowdeck: 'sort',
    peer: 'sortPeer',
    bar: '≤ 3 × the platform',
    ratio: 3,
  },
  {
    id: 'pack',
    group: 'work',
    work: '1,000,000 points made ready for the page, beside JSON',
    flowdeck: 'pack',
    peer: 'packPeer',
    bar: '≤ 0.1 × JSON',
    ratio: 0.1,
  },
  {
    id: 'smooth',
    group: 'work',
    work: '300,000 points smoothed over 30,000 of them, beside over 3',
    flowdeck: 'smooth',
    peer: 'smoothPeer',
    bar: '≤ 2 ×',
    ratio: 2,
  },
  {
    id: 'buckets',
    group: 'work',
    work: '1,000,000 points to 1,000 pixels',
    flowdeck: 'buckets',
    bar: '≤ 15 ms',
    most: 15,
  },
  {
    id: 'columns',
    group: 'work',
    work: 'empty and constant ones among 12,000 columns of 20,000 runs',
    flowdeck: 'columns',
    bar: '≤ 200 ms',
    most: 200,
  },
  {
    id: 'chooser',
    group: 'work',
    work: 'a search in the chooser of 12,000 columns',
    flowdeck: 'chooser',
    bar: '≤ 100 ms',
    most: 100,
  },
  {
    id: 'compare',
    group: 'work',
    work: '40 runs × 12,000 metrics compared',
    flowdeck: 'compare',
    bar: '≤ 200 ms',
    most: 200,
  },
  {
    id: 'parallel',
    group: 'work',
    work: 'parallel coordinates, 10,000 runs × 8 axes',
    flowdeck: 'parallel',
    bar: '≤ 100 ms',
    most: 100,
  },
  {
    id: 'link-10k',
    group: 'link',
    work: '10,000 runs tied to commits of 100,000; peer: git cat-file alone',
    flowdeck: 'flowdeck',
    peer: 'git',
    bar: '≤ 500 ms, ≤ 3 git processes',
    most: 500,
    within: { figure: 'processes', value: 3 },
  },
];

/** @param {readonly number[]} values @returns {number | null} */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/**
 * @param {Promised} promised
 * @param {Figures | undefined} figures undefined when the group was not measured at all
 * @param {number} repetitions fewer values than this are no measurement
 * @returns {Row}
 */
export function judge(promised, figures, repetitions) {
  const { id, work, bar } = promised;
  const samples = figures?.samples ?? {};
  const of = (/** @type {string | undefined} */ name) => (name ? (samples[name] ?? []) : []);
  const values = of(promised.flowdeck);
  const value = promised.worst && values.length > 0 ? Math.max(...values) : median(values);
  const peer = median(of(promised.peer));
  const problems = [...(figures?.problems ?? ['not measured'])];
  const { least, within } = promised;
  const counted = of(within?.figure);
  const exceeds = within !== undefined && !counted.every((figure) => figure <= within.value);
  if (exceeds) problems.push(`${within.figure}: ${Math.max(...counted)}, not ${within.value} at most`);
  const reached = of(least?.figure);
  if (least && values.length > 0 && !reached.every((figure) => figure >= least.value))
    problems.push(`${least.figure} is below ${least.value}`);
  const complete =
    values.length >= repetitions &&
    (!promised.peer || of(promised.peer).length >= repetitions) &&
    !exceeds &&
    (!within || counted.length >= repetitions) &&
    (!least || (reached.length >= repetitions && reached.every((figure) => figure >= least.value)));
  const warm = median(of(promised.flowdeck.endsWith('All') ? 'peerAll' : 'peerFirst'));
  return {
    id,
    work,
    flowdeck_ms: promised.unit === 'bytes' ? null : value,
    peer_ms: peer,
    ratio: value !== null && peer !== null && peer > 0 ? value / peer : null,
    bar,
    ok: complete && value !== null && keeps(promised, value, peer),
    ...(promised.unit === 'bytes' && value !== null ? { bytes: value } : {}),
    ...(promised.peer?.startsWith('peer') && warm !== null ? { peer_warm_ms: warm } : {}),
    ...(values.length > 0 ? { spread: [Math.min(...values), Math.max(...values)] } : {}),
    ...(problems.length > 0 ? { problems } : {}),
  };
}

/**
 * @param {Promised} promised
 * @param {number} value
 * @param {number | null} peer
 */
function keeps({ ratio, plus, most }, value, peer) {
  if (ratio !== undefined && !(peer !== null && value <= ratio * peer)) return false;
  if (plus !== undefined && !(peer !== null && value <= peer + plus)) return false;
  return most === undefined || value <= most;
}

/** @param {number | null | undefined} ms */
export function millisecondsText(ms) {
  if (ms === null || ms === undefined) return '–';
  return ms < 100 ? `${ms.toFixed(1)} ms` : `${Math.round(ms).toLocaleString('en')} ms`;
}

/** @param {Row} row */
export const ratioText = ({ ratio }) => (ratio === null ? '–' : ratio.toFixed(2));

/** @param {Row} row */
export const flowdeckText = ({ bytes, flowdeck_ms }) =>
  bytes === undefined ? millisecondsText(flowdeck_ms) : `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * @param {readonly Row[]} rows
 * @returns {string} `work | flowdeck | peer | ratio | bar | ok`, aligned
 */
export function tableText(rows) {
  const cells = [
    ['work', 'flowdeck', 'peer', 'ratio', 'bar', 'ok'],
    ...rows.map((row) => [
      row.work,
      flowdeckText(row),
      millisecondsText(row.peer_ms),
      ratioText(row),
      row.bar,
      row.ok ? 'yes' : 'NO',
    ]),
  ];
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join(' | ')
        .trimEnd(),
    )
    .join('\n');
}
