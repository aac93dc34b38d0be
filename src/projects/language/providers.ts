import * as vscode from 'vscode';
import { Command } from '../../platform/ids';
import { plainMarkdown } from '../../shared/plainMarkdown';
import { parameterText } from '../mlproject/projectTexts';
import { type Completion, completionsAt } from './completions';
import { editorRange, fileOf, isThere, outlineFor, rangeIn } from './documents';
import { findingsOf } from './findings';
import { type Fix, fixesOf } from './fixes';
import { findingText, fixTitle, keyText, renameProblemText, typeText } from './languageTexts';
import type { OutlineEntryPoint, OutlineParameter } from './outline';
import { type Place, placeAt } from './places';
import { occurrencesAt, renameEdits, renameProblem } from './references';
import { type KeyPlace, keys } from './vocabulary';

type Document = vscode.TextDocument;

const kinds: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  type: vscode.CompletionItemKind.TypeParameter,
  placeholder: vscode.CompletionItemKind.Variable,
  parameter: vscode.CompletionItemKind.Variable,
  file: vscode.CompletionItemKind.File,
  folder: vscode.CompletionItemKind.Folder,
  entryPoint: vscode.CompletionItemKind.Function,
};

export async function completions(document: Document, position: vscode.Position): Promise<vscode.CompletionItem[]> {
  const found = await completionsAt(document.getText(), document.offsetAt(position), (folder) =>
    list(document, folder),
  );
  return found.map((completion, at) => {
    const item = new vscode.CompletionItem(completion.label, kinds[completion.kind]);
    item.insertText = new vscode.SnippetString(completion.insert);
    item.range = rangeIn(document, completion.span);
    item.sortText = String(at).padStart(4, '0');
    const text = completionText(completion);
    if (completion.detail !== undefined) item.detail = completion.detail;
    if (text) item.documentation = text;
    // Types, names and files of a folder come next.
    if (completion.kind === 'folder' || /: \$0$/.test(completion.insert))
      item.command = { command: 'editor.action.triggerSuggest', title: '' };
    return item;
  });
}

function completionText({ kind, label }: Completion): string {
  if (kind === 'type') return typeText(/^\{type: (\w+)/.exec(label)?.[1] ?? label);
  if (kind !== 'key') return '';
  const place = (Object.keys(keys) as KeyPlace[]).find((name) => keyText(name, label) !== '');
  return place ? keyText(place, label) : '';
}

async function list(document: Document, folder: string): Promise<readonly string[]> {
  const place = fileOf(document, folder || '.');
  if (!place) return [];
  const entries = await vscode.workspace.fs.readDirectory(place).then(
    (found) => found,
    () => [],
  );
  return entries
    .map(([name, type]) => ((type & vscode.FileType.Directory) !== 0 ? `${name}/` : name))
    .sort()
    .slice(0, 500);
}

export async function hover(document: Document, position: vscode.Position): Promise<vscode.Hover | undefined> {
  const place = placeAt(await outlineFor(document), document.offsetAt(position));
  const text = place && (await hoverText(document, place));
  return text && new vscode.Hover(text, rangeIn(document, place.span));
}

async function hoverText(document: Document, place: Place): Promise<vscode.MarkdownString | undefined> {
  const text = new vscode.MarkdownString();
  switch (place.kind) {
    case 'key':
      return text.appendMarkdown(plainMarkdown(keyText(place.place, place.name)));
    case 'type':
      return text.appendMarkdown(plainMarkdown(typeText(place.type)));
    case 'parameter':
      return parameterHover(place.parameter);
    case 'entryPoint':
      return entryPointHover(place.point, place.preview);
    case 'file': {
      if (!fileOf(document, place.file)) return undefined;
      const exists = await isThere(document, place.file);
      return text.appendMarkdown(
        plainMarkdown(exists ? place.file : vscode.l10n.t('There is no {0} in the project.', place.file)),
      );
    }
  }
}

function parameterHover(parameter: OutlineParameter): vscode.MarkdownString {
  const { name, type, default: fallback } = parameter;
  const summary = { name, type, reachable: true, range: parameter.key.range };
  const text = new vscode.MarkdownString();
  const shown = fallback === undefined ? summary : { ...summary, default: fallback };
  text.appendCodeblock(`${name}: ${parameterText(shown)}`, 'text');
  return text.appendMarkdown(plainMarkdown(typeText(type)));
}

function entryPointHover({ name, parameters }: OutlineEntryPoint, preview: string | undefined): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  if (preview === undefined)
    return text.appendMarkdown(plainMarkdown(vscode.l10n.t('MLflow cannot make a command of {0}.', name)));
  const needed = parameters.filter((parameter) => parameter.default === undefined);
  text.appendMarkdown(
    plainMarkdown(
      needed.length === 0
        ? vscode.l10n.t('With its defaults, {0} runs:', name)
        : vscode.l10n.t(
            '{0} runs this, once {1} is given:',
            name,
            needed.map((parameter) => parameter.name).join(', '),
          ),
    ),
  );
  return text.appendCodeblock(preview.slice(0, 4_000), 'shellscript');
}

export async function symbols(document: Document): Promise<vscode.DocumentSymbol[]> {
  const { entryPoints } = await outlineFor(document);
  return entryPoints.map((point) => {
    const children = point.parameters.map((parameter) =>
      symbolOf(document, parameter, parameter.default ?? '', vscode.SymbolKind.Variable),
    );
    return Object.assign(symbolOf(document, point, '', vscode.SymbolKind.Function), { children });
  });
}

function symbolOf(
  document: Document,
  { name, key, value }: OutlineEntryPoint | OutlineParameter,
  detail: string,
  kind: vscode.SymbolKind,
): vscode.DocumentSymbol {
  // What an alias stands for is written elsewhere.
  const end = value.start >= key.end ? value.end : key.end;
  const own = rangeIn(document, key);
  return new vscode.DocumentSymbol(name || '""', detail, kind, rangeIn(document, { start: key.start, end }), own);
}

export async function definition(document: Document, position: vscode.Position): Promise<vscode.Location | undefined> {
  const place = placeAt(await outlineFor(document), document.offsetAt(position));
  if (place?.kind === 'parameter') return new vscode.Location(document.uri, rangeIn(document, place.declaration));
  const file = place?.kind === 'file' ? fileOf(document, place.file) : undefined;
  if (!file) return undefined;
  const stat = await vscode.workspace.fs.stat(file).then(
    (found) => found,
    () => undefined,
  );
  return stat && (stat.type & vscode.FileType.File) !== 0
    ? new vscode.Location(file, new vscode.Position(0, 0))
    : undefined;
}

export async function references(document: Document, position: vscode.Position): Promise<vscode.Range[]> {
  const found = occurrencesAt(await outlineFor(document), document.offsetAt(position));
  return found ? renameEdits(found).map((span) => rangeIn(document, span)) : [];
}

/** Throws what the editor shows beside the name. */
export async function prepareRename(document: Document, position: vscode.Position): Promise<vscode.Range> {
  const found = occurrencesAt(await outlineFor(document), document.offsetAt(position));
  if (!found) throw new Error(vscode.l10n.t('Only parameters can be renamed here.'));
  return rangeIn(document, found.at);
}

export async function rename(
  document: Document,
  position: vscode.Position,
  name: string,
): Promise<vscode.WorkspaceEdit | undefined> {
  const outline = await outlineFor(document);
  const found = occurrencesAt(outline, document.offsetAt(position));
  if (!found) return undefined;
  const problem = await renameProblem(outline, found, name);
  if (problem) throw new Error(renameProblemText(problem, problem === 'shared' ? found.name : name));
  const edit = new vscode.WorkspaceEdit();
  for (const span of renameEdits(found)) edit.replace(document.uri, rangeIn(document, span), name);
  return edit;
}

export async function codeActions(
  document: Document,
  range: vscode.Range,
  { diagnostics }: vscode.CodeActionContext,
): Promise<vscode.CodeAction[]> {
  const outline = await outlineFor(document);
  // No repair asks whether a file is there.
  const findings = await findingsOf(outline, async () => true);
  return findings
    .filter((finding) => editorRange(finding.range).intersection(range))
    .flatMap((finding) => {
      const shown = diagnostics.filter(
        ({ code, message }) => code === finding.code && message === findingText(finding),
      );
      return fixesOf(outline, finding).map((fix) => actionOf(document, fix, shown));
    });
}

function actionOf(document: Document, fix: Fix, diagnostics: readonly vscode.Diagnostic[]): vscode.CodeAction {
  const action = new vscode.CodeAction(fixTitle(fix), vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const edit of fix.edits) action.edit.replace(document.uri, rangeIn(document, edit), edit.text);
  action.diagnostics = [...diagnostics];
  action.isPreferred = fix.isPreferred;
  return action;
}

/** Above each entry point that can be run. */
export async function lenses(document: Document): Promise<vscode.CodeLens[]> {
  // MLflow reads the file on disk.
  if (document.uri.scheme === 'untitled') return [];
  const { entryPoints, draft } = await outlineFor(document);
  if (draft.problems.length > 0) return [];
  return entryPoints.flatMap((point) => {
    if (!point.command) return [];
    const range = rangeIn(document, point.key);
    const lens = (command: string, title: string) =>
      new vscode.CodeLens(range, {
        command,
        title,
        arguments: [{ file: document.uri.toString(), entryPoint: point.name }],
      });
    const { runEntryPoint, runWithDefaults } = Command.projects;
    return [
      lens(runWithDefaults, vscode.l10n.t('Run')),
      lens(runEntryPoint, vscode.l10n.t('Run with parameters…')),
      lens(Command.source.runsOfEntryPoint, vscode.l10n.t('Runs')),
    ];
  });
}
