import type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { plainScalar, taggedScalar } from './pythonScalars';
import { type Placed, type ScalarStyle, type TextRange, type TreeEntry, type TreeNode, YamlProblem } from './yamlTree';

/** Most values after aliases and merges: a file of a few hundred bytes can ask for billions. */
const nodeLimit = 20_000;
const mergeKey = 'tag:yaml.org,2002:merge';
const collectionTags = new Set(['tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq', '!']);

/** YAML 1.1, as PyYAML takes it, with every scalar as the text that it was written as. */
export const everyScalarText = {
  version: '1.1',
  schema: 'failsafe',
  merge: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'error',
} as const;

/** The tree of one YAML document. Throws `YamlProblem`. Loads the `yaml` library on first use. */
export async function readYaml(text: string): Promise<TreeNode> {
  const read = await readBrokenYaml(text);
  if (read.problem || !read.tree) throw read.problem ?? new YamlProblem('The file cannot be read', noRange);
  return read.tree;
}

export interface BrokenYaml {
  /** What could be made of the text; absent where an alias or a tag cannot be followed. */
  readonly tree?: TreeNode;
  /** The first that the loader would refuse. */
  readonly problem?: YamlProblem;
}

const noRange: TextRange = { line: 0, column: 0, endLine: 0, endColumn: 0 };

/** For a text that somebody is writing: what stands there, and beside it what is wrong. */
export async function readBrokenYaml(text: string): Promise<BrokenYaml> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const place: Place = (start, end) => {
    const [from, to] = [lines.linePos(start), lines.linePos(end)];
    return {
      line: Math.max(0, from.line - 1),
      column: Math.max(0, from.col - 1),
      endLine: Math.max(0, to.line - 1),
      endColumn: Math.max(0, to.col - 1),
    };
  };
  const document = yaml.parseDocument(text, {
    ...everyScalarText,
    lineCounter: lines,
  });
  const problem = syntaxProblem(yaml, document, text, place);
  try {
    return { tree: new TreeBuilder(yaml, document, place).build(), ...(problem ? { problem } : {}) };
  } catch (error) {
    if (error instanceof YamlProblem) return { problem: problem ?? error };
    throw error;
  }
}

function syntaxProblem(yaml: typeof import('yaml'), document: Document, text: string, place: Place) {
  const [error] = document.errors;
  if (error) return new YamlProblem(error.message.split('\n')[0] ?? '', place(error.pos[0], error.pos[1]));
  const tab = strayTab(new yaml.Lexer().lex(text));
  return tab === undefined ? undefined : new YamlProblem('A tab stands where only spaces may', place(tab, tab + 1));
}

type Place = (start: number, end: number) => TextRange;

const scalarMark = '\u001f';
/** What the lexer gives for a document, the end of a flow and a scalar; these stand for no text. */
const lexerMarks = ['\u0002', '\u0018', scalarMark];

/** PyYAML takes no tab outside of quotes, block texts and comments, where YAML 1.2 does. Offset of the first. */
function strayTab(lexemes: Iterable<string>): number | undefined {
  let offset = 0;
  let plain = false;
  for (const lexeme of lexemes) {
    if (lexerMarks.includes(lexeme)) {
      plain = lexeme === scalarMark;
      continue;
    }
    const tab = lexeme.indexOf('\t');
    if (tab >= 0 && (/^[ \t]+$/.test(lexeme) || (plain && !lexeme.includes('\n')))) return offset + tab;
    plain = false;
    offset += lexeme.length;
  }
  return undefined;
}

class TreeBuilder {
  private readonly anchors = new Map<string, TreeNode>();
  private readonly open = new Set<string>();
  private count = 0;

  constructor(
    private readonly yaml: typeof import('yaml'),
    private readonly document: Document,
    private readonly place: Place,
  ) {}

  build(): TreeNode {
    const { contents } = this.document;
    return contents ? this.node(contents) : this.nothing(0);
  }

  private node(node: unknown, at = 0): TreeNode {
    const { yaml } = this;
    if (yaml.isAlias(node)) return this.alias(node);
    if (!yaml.isNode(node)) return this.nothing(at);
    this.spend(1, node);
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : undefined;
    if (anchor !== undefined) this.open.add(anchor);
    const built = this.fresh(node);
    if (anchor !== undefined) {
      this.open.delete(anchor);
      this.anchors.set(anchor, built);
    }
    return built;
  }

  private fresh(node: Node): TreeNode {
    const { yaml } = this;
    if (yaml.isScalar(node)) return this.scalar(node);
    if (node.tag !== undefined && !collectionTags.has(node.tag)) throw this.unknownTag(node.tag, node);
    if (yaml.isSeq(node)) return this.list(node);
    return yaml.isMap(node) ? this.map(node) : this.nothing(0);
  }

  private alias(alias: Alias): TreeNode {
    this.spend(1, alias);
    const target = this.open.has(alias.source) ? undefined : this.anchors.get(alias.source);
    if (target) return target;
    throw new YamlProblem(`The alias *${alias.source.slice(0, 60)} refers to nothing before it`, this.rangeOf(alias));
  }

  private scalar(node: Scalar): TreeNode {
    const placed = this.placed(node);
    const source = node.source ?? '';
    const style = styleOf(node);
    try {
      const value = node.tag
        ? taggedScalar(node.tag, source)
        : style === 'plain'
          ? plainScalar(source)
          : { type: 'str' as const, text: source };
      if (value) return { kind: 'scalar', value, style, ...placed };
    } catch (error) {
      if (error instanceof RangeError) throw new YamlProblem(error.message, placed.range);
      throw error;
    }
    throw this.unknownTag(node.tag ?? '', node);
  }

  private list(node: YAMLSeq): TreeNode {
    return { kind: 'list', items: node.items.map((item) => this.node(item)), ...this.placed(node) };
  }

  private map(node: YAMLMap): TreeNode {
    const merged: TreeEntry[] = [];
    const own: TreeEntry[] = [];
    for (const pair of node.items as readonly Pair[]) {
      if (this.isMerge(pair.key)) {
        merged.push(...this.mergedEntries(this.node(pair.value), pair.key));
        continue;
      }
      const key = this.node(pair.key, node.range?.[0]);
      if (key.kind !== 'scalar') throw new YamlProblem('A list or mapping cannot be a key', key.range);
      own.push({ key, value: this.node(pair.value, this.endOf(pair.key)) });
    }
    const ownLast = new Set(lastOfEach(own));
    const overwritten = own.filter((entry) => !ownLast.has(entry));
    return { kind: 'map', entries: lastOfEach([...merged, ...own]), overwritten, ...this.placed(node) };
  }

  private isMerge(key: unknown): key is Scalar {
    if (!this.yaml.isScalar(key)) return false;
    return key.tag === mergeKey || (key.tag === undefined && key.type === 'PLAIN' && key.source === '<<');
  }

  /** The first of several wins, as the YAML merge type has it: so it comes last. */
  private mergedEntries(value: TreeNode, key: Scalar): readonly TreeEntry[] {
    const sources = value.kind === 'list' ? [...value.items].reverse() : [value];
    return sources.flatMap((source) => {
      if (source.kind !== 'map') throw new YamlProblem('Only mappings can be merged', source.range);
      this.spend(source.entries.length, key);
      return source.entries;
    });
  }

  private spend(nodes: number, at: Node): void {
    this.count += nodes;
    if (this.count > nodeLimit) throw new YamlProblem(`The file holds more than ${nodeLimit} values`, this.rangeOf(at));
  }

  private nothing(offset: number): TreeNode {
    const value = { type: 'null', text: 'None' } as const;
    return { kind: 'scalar', value, style: 'plain', range: this.place(offset, offset), start: offset, end: offset };
  }

  private unknownTag(tag: string, node: Node): YamlProblem {
    return new YamlProblem(`The tag ${tag.slice(0, 60)} is not known`, this.rangeOf(node));
  }

  private endOf(node: unknown): number {
    return this.yaml.isNode(node) ? (node.range?.[1] ?? 0) : 0;
  }

  private rangeOf(node: Node): TextRange {
    return this.placed(node).range;
  }

  private placed(node: Node): Placed {
    const [start = 0, end = 0] = node.range ?? [];
    return { range: this.place(start, end), start, end };
  }
}

function styleOf({ type }: Scalar): ScalarStyle {
  if (type === 'QUOTE_SINGLE') return 'single';
  if (type === 'QUOTE_DOUBLE') return 'double';
  return type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL' ? 'block' : 'plain';
}

/** As a Python dict: a key stays where it came first and has its last value. */
function lastOfEach(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const byKey = new Map<string, TreeEntry>();
  for (const entry of entries) byKey.set(`${entry.key.value.type} ${entry.key.value.text}`, entry);
  return [...byKey.values()];
}
