/** A chart on screen that draws a metric. */
export interface Viewer {
  /** The least is served first. */
  priority(): number;
  /** Points per run that can be told apart. */
  budget(): number;
  /** Joins the points with those of another metric by step: of two samples few steps would be left. */
  joins?(): boolean;
}
