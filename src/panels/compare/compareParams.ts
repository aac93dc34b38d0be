import { isSafePath } from '../../shared/artifactPath';
import type { CompareMethods, ReportFile, ReportImage } from '../../shared/protocol/compare';
import { mostChosen } from '../../shared/view/runsView';

/** What the comparison may ask, read field by field and refused by throwing. */
type Params = { readonly [Name in keyof CompareMethods]: (raw: unknown) => Parameters<CompareMethods[Name]>[0] };

const runIdForm = /^[A-Za-z0-9][\w-]{0,63}$/;
const longestReport = 50_000_000;
const mostImages = 50;
/** bytes of one picture of a chart */
const largestPng = 20_000_000;

export const compareParams: Params = {
  environments: (raw) => ({ runIds: runIds(fields(raw).runIds) }),
  artifactLevel: (raw) => {
    const { runIds: ids, path } = fields(raw);
    return { runIds: runIds(ids), path: path === '' ? '' : safePath(path) };
  },
  artifactHashes: (raw) => {
    const { runIds: ids, path } = fields(raw);
    return { runIds: runIds(ids), path: safePath(path) };
  },
  diffArtifacts: (raw) => {
    const { a, others, path } = fields(raw);
    return { a: runId(a), others: runIds(others), path: safePath(path) };
  },
  reportLinks: (raw) => ({ runIds: runIds(fields(raw).runIds) }),
  saveReport: (raw): ReportFile => {
    const { name, markdown, images } = fields(raw);
    if (typeof markdown !== 'string' || markdown.length > longestReport) throw refused('markdown');
    if (!Array.isArray(images) || images.length > mostImages) throw refused('images');
    return { name: text(name, 'name'), markdown, images: images.map(image) };
  },
};

function image(raw: unknown): ReportImage {
  const { name, title, bytes } = fields(raw);
  const isPng =
    bytes instanceof Uint8Array && bytes.length <= largestPng && pngSignature.every((byte, at) => bytes[at] === byte);
  if (!isPng) throw refused('images');
  return { name: text(name, 'name'), title: text(title, 'title'), bytes };
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function fields(raw: unknown): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw refused('parameters');
  return raw as Record<string, unknown>;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 2_000) throw refused(name);
  return value;
}

function runId(value: unknown): string {
  if (typeof value !== 'string' || !runIdForm.test(value)) throw refused('runId');
  return value;
}

function runIds(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > mostChosen) throw refused('runIds');
  return value.map(runId);
}

function safePath(value: unknown): string {
  const path = text(value, 'path');
  if (!isSafePath(path)) throw refused('path');
  return path;
}

const refused = (name: string) => new Error(`The page sent something else than ${name}.`);
