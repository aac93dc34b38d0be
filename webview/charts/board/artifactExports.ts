import { type FoundFile, filesToSave, plainName } from '../../../src/shared/charts/artifactFiles';
import { csvOf } from '../../../src/shared/charts/chartTable';
import { mapLimited } from '../../../src/shared/mapLimited';
import type { ArtifactFile } from '../../../src/shared/protocol/exports';
import { count } from '../../../src/shared/series/format';
import { saveAs } from './chartExports';
import type { ExportAction, ExportTools } from './exportMenu';

const atOnce = 4;

/** Artifacts as files, a folder for each run. */
export function saveFilesAction(what: string, title: string, found: readonly FoundFile[]): ExportAction {
  return {
    label: `Save ${count(found.length)} ${what}…`,
    disabled: found.length === 0,
    run: ({ rpc }) => saveFiles(rpc, title, filesToSave(found)),
  };
}

async function saveFiles(rpc: ExportTools['rpc'], title: string, files: readonly ArtifactFile[]): Promise<void> {
  await rpc.call('saveArtifacts', { folderName: plainName(title, 'artifacts'), files });
}

/** What stands in the files, whole, as one table or one JSON list. */
export function textActions(title: string, found: readonly FoundFile[]): readonly ExportAction[] {
  const disabled = found.length === 0;
  return [
    {
      label: 'Save Texts as CSV…',
      disabled,
      run: async (tools) => {
        const texts = await textsOf(found, tools);
        const rows = texts.map(({ run, runId, path, text }) => [run, runId, path, text]);
        await saveAs(tools.rpc, title, 'csv', csvOf({ columns: ['Run', 'Run ID', 'Artifact', 'Text'], rows }));
      },
    },
    {
      label: 'Save Texts as JSON…',
      disabled,
      run: async (tools) => {
        const texts = await textsOf(found, tools);
        await saveAs(tools.rpc, title, 'json', `${JSON.stringify(texts, undefined, 2)}\n`);
      },
    },
  ];
}

async function textsOf(found: readonly FoundFile[], { rpc, whileReading }: ExportTools) {
  return await whileReading((signal) =>
    mapLimited(found, atOnce, async ({ run, runId, path }) => {
      const { bytes } = await rpc.call('artifactBytes', { runId, path, as: 'wholeText' }, signal);
      return { run, runId, path, text: new TextDecoder().decode(bytes) };
    }),
  );
}
