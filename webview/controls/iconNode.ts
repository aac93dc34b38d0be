import { render } from 'lit';
import { icons } from './icons';

const made = new Map<keyof typeof icons, Node>();

/** An icon as a node, for parts that are drawn without a template: rendered once, then copied. */
export function iconNode(name: keyof typeof icons): Node {
  const known = made.get(name);
  if (known) return known.cloneNode(true);
  const place = document.createElement('span');
  render(icons[name], place);
  const icon = place.querySelector('svg') ?? place;
  made.set(name, icon);
  return icon.cloneNode(true);
}
