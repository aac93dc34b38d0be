import { isDeepStrictEqual } from 'node:util';
import type { Memento } from 'vscode';
import { decodeNamedView, longestName, type NamedView } from '../../shared/view/namedView';

const prefix = 'flowdeck.view.';
/** Where a workspace kept all of its views. */
const formerKey = 'flowdeck.views';

/**
 * A person's own views, which every window finds, whatever folder is open in it. Each has a key of its own: windows that
 * save at once take nothing from each other.
 */
export class PrivateViews {
  /**
   * @param memory of all windows
   * @param former of the workspace: views that are kept there are taken over
   */
  constructor(
    private readonly memory: Memento,
    private readonly former: Memento,
  ) {}

  async list(): Promise<readonly NamedView[]> {
    await this.takeOver();
    return this.kept();
  }

  /** In the place of one of that name. */
  async save(view: NamedView): Promise<void> {
    await this.memory.update(prefix + view.name, view);
  }

  async remove({ name }: NamedView): Promise<void> {
    await this.memory.update(prefix + name, undefined);
  }

  private kept(): readonly NamedView[] {
    const keys = this.memory.keys().filter((key) => key.startsWith(prefix));
    return keys.flatMap((key) => decodeNamedView(this.memory.get<unknown>(key)) ?? []);
  }

  private async takeOver(): Promise<void> {
    const former = this.former.get<unknown>(formerKey);
    if (!Array.isArray(former)) return;
    for (const view of former.flatMap((raw) => decodeNamedView(raw) ?? [])) {
      const kept = this.kept();
      if (kept.some((other) => isDeepStrictEqual(other, view))) continue;
      await this.save({ ...view, name: freeName(view.name, new Set(kept.map(({ name }) => name))) });
    }
    await this.former.update(formerKey, undefined);
  }
}

/** The name, numbered where another folder's view has it. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? '' : ` (${number})`;
    const free = name.slice(0, longestName - end.length) + end;
    if (!taken.has(free)) return free;
  }
}
