/** Where groups stand among their like: kept while nothing is sorted anew, whatever their numbers come to meanwhile. */
export class GroupPlaces {
  private places = new Map<string, number>();
  private madeOf: readonly unknown[] = [];

  /** Places are forgotten where the order is made of something else than before. */
  begin(madeOf: readonly unknown[]): void {
    if (madeOf.length === this.madeOf.length && madeOf.every((part, at) => Object.is(part, this.madeOf[at]))) return;
    this.madeOf = madeOf;
    this.places = new Map();
  }

  /** Groups in the places they had; those that had none come after these, in the order given. */
  keep<T extends { readonly id: string }>(groups: readonly T[]): readonly T[] {
    const placeOf = ({ id }: T) => this.places.get(id) ?? groups.length;
    const kept = groups.toSorted((a, b) => placeOf(a) - placeOf(b));
    for (const [at, { id }] of kept.entries()) this.places.set(id, at);
    return kept;
  }
}
