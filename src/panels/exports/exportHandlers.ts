import type { ExportMethods } from '../../shared/protocol/exports';
import type { Handlers } from '../../shared/rpc';
import type { PanelContext } from '../panelContext';
import { exportParams } from './exportParams';
import { findArtifacts, readArtifact } from './pageArtifacts';
import { saveArtifacts } from './saveArtifacts';
import { saveFile } from './saveFile';

/** Answers charts' menus and charts of artifacts. */
export function exportHandlers({
  store,
  contacting,
}: Pick<PanelContext, 'store' | 'contacting'>): Handlers<ExportMethods> {
  return {
    saveFile: { decode: exportParams.saveFile, handle: async (file) => ({ saved: await saveFile(file) }) },
    findArtifacts: {
      decode: exportParams.findArtifacts,
      handle: ({ runIds, pattern }, signal) =>
        contacting(async () => findArtifacts(await store(), runIds, pattern, signal)),
    },
    artifactBytes: {
      decode: exportParams.artifactBytes,
      // A file that cannot be read says nothing of the server.
      handle: async (wanted, signal) => readArtifact(await store(), wanted, signal),
    },
    saveArtifacts: {
      decode: exportParams.saveArtifacts,
      handle: async (wanted) => {
        const saved = await saveArtifacts(await store(), wanted);
        return saved === undefined ? {} : { saved };
      },
    },
  };
}
