import type { CellValue } from '../runs/runTable';
import type { LineSettings } from '../view/lineSettings';
import { extent } from './axis';
import { shortNumber } from './format';
import { groupBand } from './groupBand';
import { type RunCurve, smoothedOf } from './runCurves';

export interface RunGroup {
  readonly id: string;
  /** `lr 0.1, optimizer adam` */
  readonly name: string;
  readonly runIds: readonly string[];
  /** Gives the group its colour and dash. */
  readonly place: number;
}

/**
 * Runs with equal values under one head each, in the order the first of each comes. Missing is a value of its own.
 * @param placed ids of groups that have had their places: a colour stays with its group, whichever others come and go
 */
export function groupsOf(
  runIds: readonly string[],
  columns: readonly string[],
  cellOf: (runId: string, column: string) => CellValue,
  placed: readonly string[] = [],
): readonly RunGroup[] {
  const groups = new Map<string, { name: string; runIds: string[] }>();
  for (const runId of runIds) {
    const values = columns.map((column) => cellOf(runId, column));
    const id = `group:${JSON.stringify(values.map((value) => (value === undefined ? null : String(value))))}`;
    const known = groups.get(id);
    if (known) known.runIds.push(runId);
    else groups.set(id, { name: columns.map((column, at) => nameOf(column, values[at])).join(', '), runIds: [runId] });
  }
  const places = new Map(placed.map((id, at) => [id, at]));
  return [...groups].map(([id, group]) => {
    const place = places.get(id) ?? places.size;
    places.set(id, place);
    return { id, ...group, place };
  });
}

function nameOf(column: string, value: CellValue): string {
  const short = column.replace(/^\w+\./, '');
  if (value === undefined || value === '') return `no ${short}`;
  return `${short} ${typeof value === 'number' ? shortNumber(value) : value}`;
}

/** Times that no two runs share give as many places as points: then the mean is taken at these many. */
const mostPlaces = 2_000;
const colors = 12;

/** One curve a group: the mean of its runs where they are, with a band. */
export function groupCurves(
  curves: readonly RunCurve[],
  groups: readonly RunGroup[],
  settings: Pick<LineSettings, 'axis' | 'band' | 'smoothing' | 'smoothingMethod'>,
): RunCurve[] {
  const byRun = new Map(curves.map((curve) => [curve.runId, curve]));
  return groups.flatMap(({ id, name, runIds, place }): RunCurve[] => {
    const members = runIds.flatMap((runId) => byRun.get(runId) ?? []);
    if (members.length === 0) return [];
    const { x, mean, low, high, n } = groupBand(members, settings.band, gridOf(members, settings.axis));
    return [
      {
        runId: id,
        x,
        y: mean,
        steps: x,
        sampled: members.some(({ sampled }) => sampled),
        name: `${name} (${members.length})`,
        color: (place % colors) + 1,
        dash: Math.floor(place / colors),
        band: { low, high, n },
        ...smoothedOf({ x, y: mean }, settings),
      },
    ];
  });
}

function gridOf(curves: readonly RunCurve[], axis: LineSettings['axis']): Float64Array | undefined {
  const points = curves.reduce((sum, { x }) => sum + x.length, 0);
  const whole = extent(curves);
  if (axis === 'step' || points <= mostPlaces || !whole) return undefined;
  const step = (whole.max - whole.min) / (mostPlaces - 1);
  return Float64Array.from({ length: mostPlaces }, (_, at) => Math.min(whole.max, whole.min + at * step));
}
