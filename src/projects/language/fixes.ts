import { isText } from '../mlproject/yamlTree';
import type { Finding } from './findings';
import { isInside, mapAt, type Outline, type OutlineEntryPoint, type Span } from './outline';

export interface Edit extends Span {
  readonly text: string;
}

export interface Fix {
  readonly kind: 'useNearest' | 'doubleBrace' | 'declareParameter' | 'removeQuotes' | 'addToCommand' | 'quote';

  readonly subject: string;
  readonly edits: readonly Edit[];
  /** The one repair that is certainly meant. */
  readonly isPreferred: boolean;
}

/** The repairs of a finding, where what is meant can be known. `finding` is one of this outline. */
export function fixesOf(outline: Outline, finding: Finding): readonly Fix[] {
  const span = spanOf(outline, finding);
  const nearest = finding.nearest === undefined ? [] : [replaceFix(outline, span, finding.nearest)];
  switch (finding.code) {
    case 'typeUnknown':
    case 'keyUnknown':
      return nearest;
    case 'placeholderUnknown':
      return [...nearest, ...declareFix(outline, finding, span)];
    case 'braceAlone':
      return [
        fix(
          'doubleBrace',
          finding.subject.slice(0, 1),
          [{ ...span, end: span.start, text: finding.subject.slice(0, 1) }],
          true,
        ),
      ];
    case 'placeholderQuoted':
      return unquoteFix(outline, finding, span);
    case 'parameterUnused':
      return addToCommandFix(outline, finding, span);
    case 'nameNotText':
      return [quoteFix(outline, span)];
    case 'commandNotText':
      return outline.source.slice(span.start, span.end).includes('\n') || span.start === span.end
        ? []
        : [quoteFix(outline, span)];
    default:
      return [];
  }
}

const fix = (kind: Fix['kind'], subject: string, edits: readonly Edit[], isPreferred = false): Fix => ({
  kind,
  subject,
  edits,
  isPreferred,
});

function spanOf({ source }: Outline, { range }: Finding): Span {
  const lines = source.split('\n');
  const before = (line: number) => lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0);
  return { start: before(range.line) + range.column, end: before(range.endLine) + range.endColumn };
}

function replaceFix({ source }: Outline, span: Span, name: string): Fix {
  const written = source.slice(span.start, span.end);
  const quote = /^(["']).*\1$/s.exec(written)?.[1] ?? '';
  return fix('useNearest', name, [{ ...span, text: quote + name + quote }], true);
}

function quoteFix({ source }: Outline, span: Span): Fix {
  const written = source.slice(span.start, span.end);
  return fix('quote', written, [{ ...span, text: JSON.stringify(written) }], true);
}

const pointAt = ({ entryPoints }: Outline, offset: number): OutlineEntryPoint | undefined =>
  entryPoints.find(({ command }) => command && isInside(command.node, offset)) ??
  entryPoints.find(({ key, value }) => offset >= key.start && offset <= value.end);

/** Beside the parameters that are there, in the form in which they are written. */
function declareFix(outline: Outline, { subject }: Finding, span: Span): readonly Fix[] {
  const point = pointAt(outline, span.start);
  if (!point || !/^[A-Za-z_][\w-]*$/.test(subject)) return [];
  const edit = declaration(outline, point, `${subject}: string`);
  return edit ? [fix('declareParameter', subject, [edit])] : [];
}

function declaration({ source }: Outline, point: OutlineEntryPoint, text: string): Edit | undefined {
  const parameters = mapAt(point.value, 'parameters');
  const [first] = parameters?.entries ?? [];
  const insert = (at: number, what: string): Edit => ({ start: at, end: at, text: what });
  const isElsewhere = ({ start, end }: Span) => start < point.value.start || end > point.value.end;
  // An alias stands there, or a merge: what is written elsewhere is not changed for this one.
  if ((parameters && isElsewhere(parameters)) || (first && isElsewhere(first.key))) return undefined;
  if (parameters && source[parameters.start] === '{') return insert(parameters.start + 1, first ? `${text}, ` : text);
  if (first) return insert(first.key.start, `${text}${lineBreak(source, first.key.start)}`);
  if (point.value.kind !== 'map') return undefined;
  if (source[point.value.start] === '{') return insert(point.value.start + 1, `parameters: {${text}}, `);
  const { start } = point.value;
  return insert(start, `parameters:${lineBreak(source, start)}  ${text}${lineBreak(source, start)}`);
}

/** A line break, and what stands before `offset` on its line as spaces. */
function lineBreak(source: string, offset: number): string {
  const line = source.lastIndexOf('\n', offset - 1) + 1;
  const isWindows = source[source.indexOf('\n') - 1] === '\r';
  return `${isWindows ? '\r' : ''}\n${' '.repeat(offset - line)}`;
}

/** Only where the quotes hold the placeholder and nothing else. */
function unquoteFix({ source, ...outline }: Outline, { subject }: Finding, span: Span): readonly Fix[] {
  const style = pointAt({ source, ...outline }, span.start)?.command?.node.style;
  const before = source.slice(0, span.start);
  const after = source.slice(span.end);
  // As the quotes are written in this kind of YAML text.
  const forms = style === 'double' ? ["'", '\\"'] : style === 'single' ? ["''", '"'] : ["'", '"'];
  const quote = forms.find((form) => before.endsWith(form) && after.startsWith(form));
  if (quote === undefined) return [];
  const edits = [
    { start: span.start - quote.length, end: span.start, text: '' },
    { start: span.end, end: span.end + quote.length, text: '' },
  ];
  return [fix('removeQuotes', subject, edits, true)];
}

/** As an option, the way it is written mostly. */
function addToCommandFix(outline: Outline, { subject }: Finding, span: Span): readonly Fix[] {
  const point = outline.entryPoints.find(({ parameters }) => parameters.some(({ key }) => key.start === span.start));
  if (!point?.command || !isText(point.command.node) || /\s$/.test(point.command.text)) return [];
  const { text } = point.command;
  const { end } = point.command.spanOf(0, text.length);
  const option = `--${subject.replaceAll('_', '-')} {${subject}}`;
  return [fix('addToCommand', option, [{ start: end, end, text: ` ${option}` }])];
}
