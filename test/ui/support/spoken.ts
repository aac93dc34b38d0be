import type { CDPSession, Page } from 'playwright-core';

/** One thing that the browser tells assistive technology of. */
export interface Spoken {
  readonly role: string;
  readonly name: string;
  readonly description: string;
  /** Level, expanded, selected, focusable …, as far as the browser says so. */
  readonly says: Readonly<Record<string, unknown>>;
  readonly inside: readonly Spoken[];
}

interface AxValue {
  readonly value?: unknown;
}

interface AxNode {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: AxValue;
  readonly name?: AxValue;
  readonly description?: AxValue;
  readonly properties?: readonly { readonly name: string; readonly value: AxValue }[];
  readonly childIds?: readonly string[];
}

interface FrameTree {
  readonly frame: { readonly id: string };
  readonly childFrames?: readonly FrameTree[];
}

/** The page of an extension as the browser's own accessibility tree has it: that of the innermost frame with such a thing. */
export async function spokenTree(page: Page, role: string, name: string): Promise<Spoken> {
  const session = await page.context().newCDPSession(page);
  try {
    const { frameTree } = (await session.send('Page.getFrameTree')) as { frameTree: FrameTree };
    for (const id of idsOf(frameTree).reverse()) {
      const tree = await treeOf(session, id);
      if (tree && all(tree, role).some((found) => found.name === name)) return tree;
    }
  } finally {
    await session.detach();
  }
  throw new Error(`no frame has a ${role} that is called ${name}`);
}

/** What has a role, in reading order. */
export function all(tree: Spoken, role: string): readonly Spoken[] {
  return [...(tree.role === role ? [tree] : []), ...tree.inside.flatMap((part) => all(part, role))];
}

export function one(tree: Spoken, role: string, name: RegExp): Spoken {
  const found = all(tree, role);
  const match = found.find((part) => name.test(part.name));
  if (!match) throw new Error(`no ${role} is called ${name}, but ${found.map((part) => part.name).join(' | ')}`);
  return match;
}

/** Everything that can have the focus. */
export const focusable = (tree: Spoken): readonly Spoken[] => [
  ...(tree.says.focusable === true ? [tree] : []),
  ...tree.inside.flatMap(focusable),
];

const idsOf = ({ frame, childFrames = [] }: FrameTree): string[] => [frame.id, ...childFrames.flatMap(idsOf)];

async function treeOf(session: CDPSession, frameId: string): Promise<Spoken | undefined> {
  const { nodes } = (await session.send('Accessibility.getFullAXTree', { frameId })) as unknown as {
    nodes: readonly AxNode[];
  };
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const [root] = nodes;
  return root && spokenOf(root, byId)[0];
}

/** What is ignored is not heard, what is inside it may be. */
function spokenOf(node: AxNode, byId: ReadonlyMap<string, AxNode>): Spoken[] {
  const inside = (node.childIds ?? []).flatMap((id) => {
    const child = byId.get(id);
    return child ? spokenOf(child, byId) : [];
  });
  if (node.ignored) return inside;
  const says = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
  const text = (value: AxValue | undefined) => String(value?.value ?? '');
  return [{ role: text(node.role), name: text(node.name), description: text(node.description), says, inside }];
}
