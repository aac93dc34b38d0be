import { safeLink } from '../../src/shared/safeLink';

/** What is longer is shown as it was written: a description is no book. */
const longest = 100_000;

/**
 * Markdown as nodes. Raw HTML in it is text, and of what the renderer makes only known elements are built anew, with no
 * attribute but a checked link: nothing of the text can run, load or style anything. Images are their descriptions.
 */
export async function markdownNodes(text: string): Promise<DocumentFragment> {
  const made = document.createDocumentFragment();
  if (text.length > longest) {
    made.append(text);
    return made;
  }
  // Read on the first description that is looked at.
  const { markdownHtml } = await import('./markdownHtml');
  // A document that is never shown: nothing in it is fetched or run.
  const parsed = new DOMParser().parseFromString(markdownHtml(text), 'text/html');
  copyChildren(parsed.body, made);
  return made;
}

const known: ReadonlySet<string> = new Set(
  'p br ul ol li strong em del code pre blockquote hr table thead tbody tr th td'.split(' '),
);

function copyChildren(from: Node, to: Node): void {
  for (const child of from.childNodes) {
    if (child instanceof Text) to.appendChild(document.createTextNode(child.data));
    else if (child instanceof Element) copyElement(child, to);
  }
}

function copyElement(element: Element, to: Node): void {
  const name = element.localName;
  if (name === 'img') {
    to.appendChild(document.createTextNode(element.getAttribute('alt') || '[image]'));
    return;
  }
  const made = madeFor(element, name);
  if (made) to.appendChild(made);
  copyChildren(element, made ?? to);
}

/** Undefined for what only its content is taken of. */
function madeFor(element: Element, name: string): HTMLElement | undefined {
  const level = /^h([1-6])$/.exec(name)?.[1];
  if (level !== undefined) {
    // Below the headings of the page, whatever the text begins with.
    const heading = document.createElement('h4');
    heading.className = `markdown-${level}`;
    return heading;
  }
  if (name === 'a') {
    const href = safeLink(element.getAttribute('href') ?? '');
    if (href === undefined) return undefined;
    const link = document.createElement('a');
    link.href = href;
    link.title = href;
    return link;
  }
  return known.has(name) ? document.createElement(name) : undefined;
}
