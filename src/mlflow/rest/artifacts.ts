import { isSafePath } from '../../shared/artifactPath';
import type { HttpClient } from '../http/httpClient';
import type { HttpRequest } from '../http/httpOptions';
import { MlflowError } from '../mlflowError';
import type { ArtifactDownload, ArtifactListing, ArtifactQuestions } from '../trackingStore';
import { decodeArtifacts } from '../wire/decoders';
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
      if (path !== '') requireSafe(path);
      const query = { run_id: runId, path: path || undefined };
      return listing(await get(http, `${api2}/artifacts/list`, query, signal));
    },

    async downloadArtifact(runId, path, signal, range) {
      requireSafe(path);
      const headers = range ? { range: `bytes=${range.start}-${range.end}` } : {};
      const query = queryOf({ run_id: runId, path });
      try {
        return await download({ method: 'GET', path: '/get-artifact', query, headers }, signal);
      } catch (error) {
        if (!(error instanceof MlflowError)) throw error;
        if (error.details.status === 416 && range?.start === 0) return { totalBytes: 0, body: nothing() };
        throw await explained(error, path, () => folderOf(http, runId, path, signal));
      }
    },

    async uploadArtifact(runId, path, content, signal) {
      requireSafe(path);
      if (content.length > largestUpload)
        throw new MlflowError('invalid', `An artifact of ${content.length} bytes is over the server's limit of 10 MB.`);
      if (content.length === 0) return uploadEmpty(http, runId, path, signal);
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
      if (path !== '') requireSafe(path);
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
  ...decodeArtifacts(answer),
});

function requireSafe(path: string): void {
  if (!isSafePath(path)) throw new MlflowError('invalid', `Not the path of an artifact: ${JSON.stringify(path)}.`);
}

/** `upload-artifact` refuses files without content; the server's artifact proxy takes them, where it is on. */
async function uploadEmpty(http: HttpClient, runId: string, path: string, signal: AbortSignal | undefined) {
  const { rootUri } = listing(await get(http, `${api2}/artifacts/list`, { run_id: runId }, signal));
  const root = /^mlflow-artifacts:\/+(.+)$/.exec(rootUri)?.[1];
  if (!root) throw new MlflowError('invalid', 'This server takes no files without content.');
  const encoded = `${root}/${path}`.split('/').map(encodeURIComponent).join('/');
  const request: HttpRequest = {
    method: 'PUT',
    path: `/ajax-api/2.0/mlflow-artifacts/artifacts/${encoded}`,
    bytes: new Uint8Array(),
    headers: { 'content-type': 'application/octet-stream' },
  };
  await http.text(request, signal);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const parentOf = (path: string) => path.split('/').slice(0, -1).join('/');

async function folderOf(http: HttpClient, runId: string, path: string, signal: AbortSignal | undefined) {
  const query = { run_id: runId, path: parentOf(path) || undefined };
  return listing(await get(http, `${api2}/artifacts/list`, query, signal)).files;
}

/** MLflow 2 answers 500 for an artifact that is not there, and both stumble over `#` and `%` in names. */
async function explained(
  error: MlflowError,
  path: string,
  siblings: () => Promise<ArtifactListing['files']>,
): Promise<MlflowError> {
  const { status, errorCode } = error.details;
  if (status === 400 && /[#%]/.test(path))
    return new MlflowError('invalid', 'MLflow does not give out files with # or % in their name.', {
      ...error.details,
      advice: 'Rename the file where it is logged.',
    });
  if (status !== 500 || errorCode) return error;
  const found = (await siblings()).find((file) => file.path === path);
  if (found && !found.isFolder) return error;
  const message = found ? `${path} is a folder, not a file.` : `There is no artifact ${path}.`;
  return new MlflowError(found ? 'invalid' : 'notFound', message, error.details);
}
