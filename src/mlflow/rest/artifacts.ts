import type { HttpClient } from '../http/httpClient';
import type { HttpRequest } from '../http/httpOptions';
import { MlflowError } from '../mlflowError';
import type { ArtifactDownload, ArtifactListing, ArtifactQuestions } from '../trackingStore';
import { decodeArtifact, isSafeArtifactPath } from '../wire/decoders';
import type { Fields } from '../wire/fields';
import { api2, get, queryOf } from './restCall';

const largestUpload = 10_000_000;

export function artifactQuestions(http: HttpClient): ArtifactQuestions {
  const download = async (request: HttpRequest, signal?: AbortSignal): Promise<ArtifactDownload> => {
    const { body, headers, totalBytes } = await http.stream(request, signal);
    const contentType = headers['content-type'];
    return {
      body,
      ...(totalBytes === undefined ? {} : { totalBytes }),
      ...(typeof contentType === 'string' ? { contentType } : {}),
    };
  };

  return {
    async listArtifacts(runId, path = '', signal) {
      const query = { run_id: runId, path: path || undefined };
      return listing(await get(http, `${api2}/artifacts/list`, query, signal));
    },

    async downloadArtifact(runId, path, signal, range) {
      requireSafe(path);
      const headers = range ? { range: `bytes=${range.start}-${range.end}` } : {};
      return download(
        { method: 'GET', path: '/get-artifact', query: queryOf({ run_id: runId, path }), headers },
        signal,
      );
    },

    async uploadArtifact(runId, path, content, signal) {
      requireSafe(path);
      if (content.length > largestUpload)
        throw new MlflowError('invalid', `An artifact of ${content.length} bytes is over the server's limit of 10 MB.`);
      const request: HttpRequest = {
        method: 'POST',
        path: `${api2}/upload-artifact`,
        query: queryOf({ run_uuid: runId, path }),
        bytes: content,
        headers: { 'content-type': 'application/octet-stream' },
      };
      await http.text(request, signal);
    },

    async listModelArtifacts(modelId, path = '', signal) {
      const query = { artifact_directory_path: path || undefined };
      const endpoint = `${api2}/logged-models/${encodeURIComponent(modelId)}/artifacts/directories`;
      return listing(await get(http, endpoint, query, signal));
    },

    async downloadModelArtifact(modelId, path, signal) {
      requireSafe(path);
      const endpoint = `${api2}/logged-models/${encodeURIComponent(modelId)}/artifacts/files`;
      return download({ method: 'GET', path: endpoint, query: queryOf({ artifact_file_path: path }) }, signal);
    },
  };
}

const listing = (answer: Fields): ArtifactListing => ({
  rootUri: answer.text('root_uri'),
  files: answer.list('files', decodeArtifact),
});

function requireSafe(path: string): void {
  if (!isSafeArtifactPath(path))
    throw new MlflowError('invalid', `Not the path of an artifact: ${JSON.stringify(path)}.`);
}
