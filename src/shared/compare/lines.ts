import type { CompareView } from '../view/runsView';
import { type CompareRow, type SectionId, sectionIds } from './compareRow';

/** One line of the comparison. */
export type Line =
  | {
      readonly kind: 'section';
      readonly section: SectionId;
      readonly open: boolean;
      /** Keys that are shown, of all. */
      readonly shown: number;
      readonly all: number;
    }
  | { readonly kind: 'row'; readonly row: CompareRow }
  /** Why there are no rows. */
  | { readonly kind: 'note'; readonly section: SectionId; readonly text: string }
  /** The pictures of the file above. */
  | { readonly kind: 'images'; readonly path: string };

export interface Section {
  readonly rows: readonly CompareRow[];
  /** What is said where the section has no rows: that it is loading, what failed, or that nothing is there. */
  readonly note: string;
  /** Why there are not more rows, where something failed. */
  readonly problem?: string;
}

export interface LinesView extends Pick<CompareView, 'closed' | 'onlyDifferences'> {
  readonly search: string;
  /** The file whose pictures stand under it. */
  readonly imagesOf?: string;
}

/** The lines in their order. A search opens every section that has something, and leaves the others out. */
export function linesOf(sections: Readonly<Record<SectionId, Section>>, view: LinesView): Line[] {
  const { closed, onlyDifferences, imagesOf } = view;
  const search = view.search.trim().toLowerCase();
  return sectionIds.flatMap((section): Line[] => {
    const { rows, note, problem } = sections[section];
    const kept = rows.filter(
      (row) => (!onlyDifferences || row.differs || row.artifact?.isFolder) && matches(row, search),
    );
    if (search !== '' && kept.length === 0) return [];
    const open = search !== '' || !closed.includes(section);
    const head: Line = { kind: 'section', section, open, shown: kept.length, all: rows.length };
    if (!open) return [head];
    if (kept.length === 0) {
      const text = rows.length === 0 ? note : 'No differences.';
      return text === '' ? [head] : [head, { kind: 'note', section, text }];
    }
    const failure: Line[] = problem ? [{ kind: 'note', section, text: problem }] : [];
    return [head, ...failure, ...kept.flatMap((row) => withImages(row, imagesOf))];
  });
}

function matches({ label, artifact }: CompareRow, search: string): boolean {
  return search === '' || (artifact?.path ?? label).toLowerCase().includes(search);
}

function withImages(row: CompareRow, imagesOf: string | undefined): Line[] {
  const line: Line = { kind: 'row', row };
  if (imagesOf === undefined || row.artifact?.path !== imagesOf || row.artifact.isFolder) return [line];
  return [line, { kind: 'images', path: imagesOf }];
}
