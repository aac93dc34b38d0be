import { type ColumnId, parseColumnId } from '../runs/column';
import { historyKeys } from '../runs/historyCells';
import type { ChartDefinition, ChartKind } from '../view/chartDefinition';

/** What a column must hold to stand in a setting: a number, or anything. */
export type Accepts = 'number' | 'any';

type Named<Type> = {
  [Name in keyof ChartDefinition]-?: ChartDefinition[Name] extends Type ? Name : never;
}[keyof ChartDefinition];

/** One line of the form. */
export type Setting =
  | {
      readonly type: 'column';
      readonly name: 'x' | 'y' | 'value' | 'sizeBy' | 'colorBy' | 'groupBy';
      readonly label: string;
      readonly accepts: Accepts;
      readonly required?: true;
    }
  | { readonly type: 'columns'; readonly name: 'columns'; readonly label: string; readonly accepts: Accepts }
  | { readonly type: 'flag'; readonly name: Named<boolean | undefined>; readonly label: string }
  | {
      readonly type: 'choice';
      readonly name: 'errorBars' | 'aggregate' | 'axis';
      readonly label: string;
      readonly options: readonly (readonly [value: string, label: string])[];
    }
  | { readonly type: 'number'; readonly name: 'bins'; readonly label: string; readonly hint: string }
  | { readonly type: 'text'; readonly name: 'path' | 'expression'; readonly label: string; readonly hint: string }
  | { readonly type: 'metric'; readonly name: 'metric'; readonly label: string }
  | { readonly type: 'run'; readonly name: 'baseline'; readonly label: string; readonly none: string };

export interface KindText {
  readonly kind: ChartKind;
  readonly title: string;
  /** When to take it, in half a sentence. */
  readonly use: string;
}

export const kindTexts: readonly KindText[] = [
  { kind: 'line', title: 'Line', use: 'a metric over its steps' },
  { kind: 'bar', title: 'Bar', use: 'a value of each run, or its mean by group' },
  { kind: 'scatter', title: 'Scatter', use: 'how two values go together' },
  { kind: 'bubble', title: 'Bubble', use: 'a scatter with a third value as size' },
  { kind: 'parallel', title: 'Parallel coordinates', use: 'which params lead where; drag on an axis to filter' },
  { kind: 'box', title: 'Box', use: 'how a value spreads, by group' },
  { kind: 'heatmap', title: 'Heat map', use: 'a metric over two params' },
  { kind: 'difference', title: 'Difference', use: 'each run minus a baseline' },
  { kind: 'histogram', title: 'Histogram', use: 'how a value is distributed over runs' },
  { kind: 'images', title: 'Images', use: 'logged images, step by step' },
  { kind: 'text', title: 'Text and tables', use: 'logged text side by side' },
];

const logX: Setting = { type: 'flag', name: 'logX', label: 'Log x axis' };
const logY: Setting = { type: 'flag', name: 'logY', label: 'Log y axis' };
const x: Setting = { type: 'column', name: 'x', label: 'X axis', accepts: 'any', required: true };
const y: Setting = { type: 'column', name: 'y', label: 'Y axis', accepts: 'any', required: true };
const value: Setting = { type: 'column', name: 'value', label: 'Value', accepts: 'number', required: true };
const colorBy: Setting = { type: 'column', name: 'colorBy', label: 'Colour', accepts: 'any' };
const groupBy: Setting = { type: 'column', name: 'groupBy', label: 'Group by', accepts: 'any' };

const settings: Readonly<Record<ChartKind, readonly Setting[]>> = {
  line: [
    { type: 'metric', name: 'metric', label: 'Metric' },
    {
      type: 'choice',
      name: 'axis',
      label: 'X axis',
      options: [
        ['step', 'Step'],
        ['relative', 'Relative time'],
        ['wall', 'Wall time'],
      ],
    },
    logY,
  ],
  bar: [
    value,
    groupBy,
    {
      type: 'choice',
      name: 'errorBars',
      label: 'Error bars of groups',
      options: [
        ['std', 'Standard deviation'],
        ['range', 'Least to largest'],
        ['none', 'None'],
      ],
    },
    logY,
  ],
  scatter: [x, y, colorBy, logX, logY],
  bubble: [
    x,
    y,
    { type: 'column', name: 'sizeBy', label: 'Size', accepts: 'number', required: true },
    colorBy,
    logX,
    logY,
  ],
  parallel: [{ type: 'columns', name: 'columns', label: 'Axes', accepts: 'any' }, colorBy],
  box: [value, groupBy, logY],
  heatmap: [
    x,
    y,
    value,
    {
      type: 'choice',
      name: 'aggregate',
      label: 'Runs of one cell',
      options: [
        ['mean', 'Mean'],
        ['min', 'Least'],
        ['max', 'Largest'],
        ['count', 'How many'],
      ],
    },
    { type: 'flag', name: 'contour', label: 'Lines of equal value' },
  ],
  difference: [
    value,
    { type: 'run', name: 'baseline', label: 'Baseline', none: 'As in Compare, else the first run' },
    { type: 'flag', name: 'relative', label: 'In percent of the baseline' },
  ],
  histogram: [value, { type: 'number', name: 'bins', label: 'Bins', hint: 'by the Freedman–Diaconis rule' }, logX],
  images: [{ type: 'text', name: 'path', label: 'Artifacts', hint: 'images, or plots/*.png' }],
  text: [{ type: 'text', name: 'path', label: 'Artifacts', hint: 'report.txt, or tables/*.json' }],
};

/** Columns that a chart is drawn over; those that only other kinds read are left out. */
export function columnsOf(chart: ChartDefinition): readonly ColumnId[] {
  const named = settings[chart.kind].flatMap((setting) => {
    if (setting.type === 'columns') return chart.columns ?? [];
    return setting.type === 'column' ? (chart[setting.name] ?? []) : [];
  });
  return [...new Set(named)];
}

/** Metrics whose histories it is drawn from. */
export const historiesOf = (chart: ChartDefinition): readonly string[] =>
  historyKeys(columnsOf(chart).flatMap((id) => parseColumnId(id) ?? []));

/** What the form of a kind asks for, in its order. */
export const settingsOf = (kind: ChartKind): readonly Setting[] => settings[kind];

/** Whether a kind draws artifacts rather than columns. */
export const isOfArtifacts = (kind: ChartKind) => kind === 'images' || kind === 'text';

export const kindTitle = (kind: ChartKind) => kindTexts.find((text) => text.kind === kind)?.title ?? kind;
