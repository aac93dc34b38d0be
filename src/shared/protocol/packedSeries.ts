/** Numbers in fewer bytes. Numbers outside arrays are finite and not -0, since they may travel as JSON. */
export type PackedNumbers =
  /** first, first + stride, first + 2·stride, … */
  | { readonly kind: 'stride'; readonly first: number; readonly stride: number }
  /** base plus each of the offsets */
  | { readonly kind: 'offsets'; readonly base: number; readonly offsets: Uint16Array | Uint32Array }
  | { readonly kind: 'plain'; readonly values: Float64Array };

/** A series as it travels to a webview: at most 16 bytes a point for whole steps and times in ms within 49 days. */
export interface PackedSeries {
  readonly runId: string;
  readonly sampled: boolean;
  readonly values: Float64Array;
  readonly steps: PackedNumbers;
  /** ms */
  readonly timestamps: PackedNumbers;
}
