import { plainName } from '../../../src/shared/charts/artifactFiles';
import { definitionText } from '../../../src/shared/charts/board';
import { csvLines } from '../../../src/shared/charts/chartTable';
import type { SavedKind } from '../../../src/shared/protocol/exports';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { chartColors } from '../../controls/theme';
import { HostFile } from '../../runs/hostFile';
import type { HostRpc } from '../../runs/hostRpc';
import type { Exportable } from './exportable';
import type { ExportAction, ExportTools } from './exportMenu';

/** A chart as a picture, as vectors, as all its points, as its definition. @param of asked when something is chosen */
export function chartExports(of: () => Exportable | undefined): readonly ExportAction[] {
  const chart = () => {
    const found = of();
    if (!found) throw new Error('The chart has nothing to save yet.');
    return found;
  };
  return [
    { label: 'Save as PNG…', run: (tools) => savePng(chart(), tools) },
    { label: 'Save as SVG…', run: (tools) => saveSvg(chart(), tools) },
    { label: 'Save All Points as CSV…', run: (tools) => saveCsv(chart(), tools) },
    saveDefinition(chart),
    { label: 'Copy Image', first: true, run: (tools) => copyImage(chart(), tools) },
    copyDefinition(chart),
  ];
}

interface Defined {
  readonly title: string;
  definition(): ChartDefinition;
}

export const saveDefinition = (of: () => Defined): ExportAction => ({
  label: 'Save Definition as JSON…',
  run: ({ rpc }) => saveAs(rpc, of().title, 'json', definitionText(of().definition())),
});

export const copyDefinition = (of: () => Defined): ExportAction => ({
  label: 'Copy Definition',
  run: async ({ rpc, say }) => {
    await rpc.call('copy', { text: definitionText(of().definition()) });
    say('The definition is on the clipboard.');
  },
});

const fileName = (title: string, kind: SavedKind) => `${plainName(title, 'chart')}.${kind}`;

export async function saveAs(
  rpc: HostRpc,
  title: string,
  kind: SavedKind,
  content: string | Uint8Array,
): Promise<void> {
  await rpc.call('saveFile', { suggestedName: fileName(title, kind), kind, content });
}

async function savePng(chart: Exportable, { rpc }: ExportTools): Promise<void> {
  const blob = await pngBlob(chart);
  await saveAs(rpc, chart.title, 'png', new Uint8Array(await blob.arrayBuffer()));
}

async function saveSvg(chart: Exportable, { rpc }: ExportTools): Promise<void> {
  const { svgOf } = await import('./exportFiles');
  await saveAs(rpc, chart.title, 'svg', svgOf(chart, chartColors()));
}

/** Goes on when the card is gone: whoever waits for all points looks elsewhere meanwhile, and cancels in the progress. */
async function saveCsv(chart: Exportable, { rpc }: ExportTools): Promise<void> {
  const { columns, runs, reads } = chart.points();
  const { exportId } = await rpc.call('beginPoints', { suggestedName: fileName(chart.title, 'csv'), runs });
  if (exportId === undefined) return;
  await HostFile.fill(rpc, exportId, async (file) => {
    if (!(await file.write(csvLines([columns]), 0))) return false;
    for (const read of reads) {
      const parts = await file.waitFor(read);
      if (!parts) return false;
      for (const part of parts) if (!(await file.write(csvLines(part.rows), part.runs))) return false;
    }
    return true;
  });
}

/** Where the page may not write pictures to the clipboard, the picture is saved instead. */
async function copyImage(chart: Exportable, { rpc, say }: ExportTools): Promise<void> {
  const blob = await pngBlob(chart);
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
    say('The picture is on the clipboard.');
  } catch {
    await saveAs(rpc, chart.title, 'png', new Uint8Array(await blob.arrayBuffer()));
  }
}

async function pngBlob(chart: Exportable): Promise<Blob> {
  const { pngOf } = await import('./exportFiles');
  return await pngOf(chart, chartColors());
}
