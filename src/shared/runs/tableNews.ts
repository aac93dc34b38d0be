/** Something a person sets up; `of` is another value when it was set up anew. */
export interface TableAct {
  readonly of: unknown;
  readonly text: string;
}

/** What of a table is said aloud when it has changed. */
export interface TableFacts {
  /** Which runs are asked for. */
  readonly asked: string;
  readonly isFiltered: boolean;
  readonly loaded: number;
  /** There are more than are loaded. */
  readonly more: boolean;
  /** How many there are: `300 of 5,213 runs`. */
  readonly count: string;
  /** Why there are fewer than there were; '' where there are not. */
  readonly cut: string;
  /** Always as many, in the same order. */
  readonly acts: readonly TableAct[];
}

/**
 * What is said to people who do not see a table change; '' for nothing. Runs that come and go by themselves while a person
 * reads are not news.
 */
export function tableNews(before: TableFacts | undefined, now: TableFacts): string {
  const isAnother = before?.asked !== now.asked;
  const hasGrown = before?.more === true && now.loaded > before.loaded;
  const acts = now.acts.filter(({ of }, at) => before && before.acts[at]?.of !== of).map(({ text }) => text);
  const runs = isAnother || hasGrown ? runsText(now) : '';
  const cut = now.cut === before?.cut ? '' : now.cut;
  return [runs, ...acts, cut].filter((text) => text !== '').join('. ');
}

function runsText({ isFiltered, loaded, count }: TableFacts): string {
  if (loaded === 0) return isFiltered ? 'The filter matches no run' : 'There are no runs';
  return `${isFiltered ? 'Filtered' : 'Loaded'}: ${count}`;
}
