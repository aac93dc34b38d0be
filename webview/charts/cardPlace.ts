/** How a card can be moved. */
export interface CardPlace {
  readonly at: number;
  readonly of: number;
  move(to: number): void;
  /** Another card of the section was dropped here. */
  drop(key: string): void;
}
