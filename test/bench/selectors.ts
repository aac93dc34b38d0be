/** Every name and selector of both user interfaces that the bench depends on. */

export const flowdeckSelectors = {
  row: '[role=treegrid] [role=row][data-run-id]',
  chart: 'flowdeck-chart-card',
  plot: 'flowdeck-chart-card .plot',
  /** Asks for every point of a sampled chart. */
  allPoints: 'flowdeck-chart-card .badge',
  chartsTab: '[role=tab]:has-text("Charts")',
  grid: '[role=treegrid]',
  /** How many runs of an experiment are charted. */
  howMany: 'select[aria-label="Runs that are charted"]',
};

export const flowdeckNames = {
  view: 'Experiments',
  openTable: 'Open Runs Table',
  openCharts: 'Open Charts',
};

export const webUiSelectors = {
  row: '.ag-row',
  chart: '.js-plotly-plot',
  /** The chat beside every page, which takes a quarter of the width. */
  closeAssistant: 'button[aria-label="Close"]',
  /** The list of experiments is there. */
  list: 'a[href*="/experiments/"]:has-text("runs-10k")',
};
