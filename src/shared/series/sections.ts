import { naturalCompare } from '../naturalCompare';
import type { ViewState } from '../viewState';
import { inOrder } from './cardOrder';

export interface MetricSection {
  /** The part before the first `/`; '' for metrics without one. */
  readonly name: string;
  readonly keys: readonly string[];
}

/** MLflow's own prefix: https://mlflow.org/docs/latest/ml/tracking/system-metrics */
export const systemSection = 'system';

/**
 * Groups metrics by prefix, those without one first and system metrics last; both the sections and the keys in them as
 * people count: `flat_2` before `flat_10`.
 */
export function sectionsOf(keys: readonly string[], search: string): MetricSection[] {
  const wanted = search.trim().toLowerCase();
  const sections = new Map<string, string[]>();
  for (const key of inNaturalOrder(keys)) {
    if (wanted !== '' && !key.toLowerCase().includes(wanted)) continue;
    const slash = key.indexOf('/');
    const name = slash > 0 ? key.slice(0, slash) : '';
    const list = sections.get(name);
    if (list) list.push(key);
    else sections.set(name, [key]);
  }
  const rank = (name: string) => (name === '' ? 0 : name === systemSection ? 2 : 1);
  return [...sections]
    .map(([name, list]) => ({ name, keys: list }))
    .sort((a, b) => rank(a.name) - rank(b.name) || naturalCompare(a.name, b.name));
}

/** The section of expressions; no metric begins with a slash. */
export const expressionSection = '/expressions';

/** The sections of these metrics and expressions, and the charts in them, in the order a person gave them. */
export function orderedSections(
  metrics: readonly string[],
  expressions: readonly string[],
  { cardOrder, sectionOrder }: Pick<ViewState, 'cardOrder' | 'sectionOrder'>,
): readonly MetricSection[] {
  const ofExpressions = expressions.length > 0 ? [{ name: expressionSection, keys: expressions }] : [];
  const ordered = [...ofExpressions, ...sectionsOf(metrics, '')].map(({ name, keys }) => ({
    name,
    keys: inOrder(keys, cardOrder, (key) => key),
  }));
  return inOrder(ordered, sectionOrder, ({ name }) => name);
}

/** A page asks with the same list each time it is drawn, and sorting 10,000 names takes longer than a frame. */
const sorted = new WeakMap<readonly string[], readonly string[]>();

function inNaturalOrder(keys: readonly string[]): readonly string[] {
  const known = sorted.get(keys);
  if (known) return known;
  const made = [...keys].sort(naturalCompare);
  sorted.set(keys, made);
  return made;
}

/** Cards of a section that are made at first, and with each "Show more". */
export const cardsPerPage = 60;
/** Cards of all sections that are made at first: thousands would keep a page from answering. */
const cardsAtFirst = 2 * cardsPerPage;

/** The sections that start open: from the top, as many as the page can carry, but always one. System metrics do not. */
export function openAtFirst(sections: readonly MetricSection[], systemToo: boolean): ReadonlySet<string> {
  const open = new Set<string>();
  let cards = 0;
  for (const { name, keys } of sections) {
    if (name === systemSection && !systemToo) continue;
    cards += Math.min(keys.length, cardsPerPage);
    if (open.size > 0 && cards > cardsAtFirst) break;
    open.add(name);
  }
  return open;
}
