import fs from 'node:fs/promises';
import path from 'node:path';
import type { Document } from 'yaml';
import { shellQuote } from '../command/shellQuote';
import { everyScalarText } from '../mlproject/readYaml';

/** Adds to the MLproject of a folder that is ours, or makes one; what stands there already stays as it is written. */
export async function addToProject(folder: string, add: (document: Document) => void): Promise<void> {
  const names = await fs.readdir(folder);
  const file = path.join(folder, names.find((name) => name.toLowerCase() === 'mlproject') ?? 'MLproject');
  const { parseDocument } = await import('yaml');
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  const document = parseDocument(text, everyScalarText);
  // What is wrong with it is said when it is launched.
  if (document.errors.length > 0) return;
  add(document);
  await fs.writeFile(
    file,
    document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY }),
  );
}

/** An entry point of this name with a command that has no parameters. */
export async function addEntryPoint(folder: string, name: string, command: string): Promise<void> {
  const { Scalar } = await import('yaml');
  const quoted = Object.assign(new Scalar(command), { type: Scalar.QUOTE_DOUBLE });
  await addToProject(folder, (document) => {
    const points = document.get('entry_points');
    if (typeof points !== 'object' || points === null) document.set('entry_points', document.createNode({}));
    document.setIn(['entry_points', name], document.createNode({ command: quoted }));
  });
}

/** As bash takes them for these words, and Python's `str.format`, which MLflow fills commands with, for itself. */
export const commandOfWords = (words: readonly string[]) =>
  words.map((word) => shellQuote(word).replaceAll(/[{}]/g, '$&$&')).join(' ');

/** PyYAML refuses these in a file, and line ends of its own are no text to it. */
export const isWritable = (text: string) => !/[\0\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\p{Surrogate}]/u.test(text);
