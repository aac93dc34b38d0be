import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { relativePath } from '../../git/relativePath';
import { gitUri } from '../../platform/gitUri';
import type { Checkout } from '../checkouts/checkouts';
import type { Traceback } from './tracebacks';

/** Of each file that a traceback names, where a person finds it. */
export type FrameFiles = ReadonlyMap<string, vscode.Uri>;

/**
 * A working tree of the launch's own is gone when somebody looks. In place of its file stands that of the open folder,
 * where it is the same, else the one at the commit. To be asked while the tree is there.
 */
export async function frameFiles(
  { frames }: Traceback,
  { folder, checkout }: { readonly folder: string; readonly checkout?: Pick<Checkout, 'root' | 'code'> },
): Promise<FrameFiles> {
  const files = [...new Set(frames.map(({ file }) => file))];
  const roots = checkout ? [checkout.root, await fs.realpath(checkout.root)] : [];
  const places = files.map(async (file) => {
    const place = path.resolve(folder, file);
    const [inside] = roots.flatMap((root) => relativePath(root, place) ?? []);
    const found = checkout && inside !== undefined ? await keptFile(checkout, inside) : vscode.Uri.file(place);
    return [file, found] as const;
  });
  return new Map(await Promise.all(places));
}

async function keptFile({ root, code }: Pick<Checkout, 'root' | 'code'>, inside: string): Promise<vscode.Uri> {
  const tree = await code();
  const open = path.join(tree.repository.root, inside);
  return (await isSame(path.join(root, inside), open)) ? vscode.Uri.file(open) : gitUri(tree, inside);
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((file) => fs.readFile(file).catch(() => undefined)));
  return first !== undefined && second !== undefined && first.equals(second);
}
