import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { MlflowError } from '../../mlflow/mlflowError';
import { parseServerAddress } from '../../mlflow/serverAddress';
import { decodeNamedView, encodeNamedView, type NamedView } from '../../shared/view/namedView';

/** What a `vscode://flowdeck.flowdeck/…` link opens. */
export type FlowdeckLink =
  | { readonly kind: 'run'; readonly server: string; readonly runId: string }
  | { readonly kind: 'experiment'; readonly server: string; readonly experimentId: string }
  | { readonly kind: 'view'; readonly server: string; readonly view: NamedView };

/**
 * VS Code decodes the query of a link once before it hands it over: a server's prefix that holds one of these stands in
 * the link so that it can be decoded twice.
 */
const lostOnTheWay = /[%&+;]/;

/** A view unpacks to at most this many bytes: a link may come from anybody. */
const mostBytes = 2_000_000;

/** Characters of a link that no system and no program cuts: Windows hands on some 2,048. */
export const longestEverywhere = 2_000;

/** The part after `vscode://flowdeck.flowdeck`. @throws MlflowError where the view is too large for any link */
export function linkPath(link: FlowdeckLink): string {
  const { server } = link;
  const query = new URLSearchParams({ server: lostOnTheWay.test(server) ? encodeURIComponent(server) : server });
  switch (link.kind) {
    case 'run':
      query.set('id', link.runId);
      break;
    case 'experiment':
      query.set('id', link.experimentId);
      break;
    case 'view':
      query.set('view', pack(link.view));
  }
  return `/${link.kind}?${query}`;
}

/** @throws MlflowError of kind `invalid`, whose message repeats nothing of the link */
export function parseFlowdeckLink(path: string, query: string): FlowdeckLink {
  const fields = new URLSearchParams(query);
  const named = fields.get('server') ?? '';
  const id = fields.get('id') ?? '';
  const isRun = path === '/run' && /^[\w-]{1,64}$/.test(id);
  const isExperiment = path === '/experiment' && /^\d{1,64}$/.test(id);
  const view = path === '/view' ? unpack(fields.get('view') ?? '') : undefined;
  if (named !== '' && (isRun || isExperiment || view)) {
    // Credentials in a link are nobody's business: the address alone counts.
    const server = parseServerAddress(decodedOnce(named)).uri;
    if (view) return { kind: 'view', server, view };
    return isRun ? { kind: 'run', server, runId: id } : { kind: 'experiment', server, experimentId: id };
  }
  throw new MlflowError('invalid', 'This link opens nothing in Flowdeck.', {
    advice: 'Copy it again, whole. Links name a run, an experiment or a view.',
  });
}

function decodedOnce(server: string): string {
  try {
    return server.includes('://') ? server : decodeURIComponent(server);
  } catch {
    // A percent sign of its own: no address, as will be said.
    return server;
  }
}

function pack(view: NamedView): string {
  const json = Buffer.from(encodeNamedView(view));
  if (json.length <= mostBytes) return deflateRawSync(json).toString('base64url');
  throw new MlflowError('invalid', 'The view is too large for a link.', {
    advice: 'Save it as a file of the folder with "Flowdeck: Save View…", and hand that on.',
  });
}

function unpack(text: string): NamedView | undefined {
  try {
    const json = inflateRawSync(Buffer.from(text, 'base64url'), { maxOutputLength: mostBytes }).toString('utf8');
    return decodeNamedView(JSON.parse(json));
  } catch {
    // Cut off, damaged or made up: all the same to whoever clicked it.
    return undefined;
  }
}
