import { Context } from 'svgcanvas';
import type { CanvasLike, Surface } from '../kinds/surface';
import { rgbaOf } from './rgba';

/** A surface whose drawing becomes SVG elements: real lines and texts, no picture of them. */
export interface VectorSurface extends Surface {
  svg(): SVGSVGElement;
}

const anchors: Readonly<Record<string, string>> = {
  left: 'start',
  right: 'end',
  center: 'middle',
  start: 'start',
  end: 'end',
};
const baselines: Readonly<Record<string, string>> = {
  top: 'text-before-edge',
  hanging: 'hanging',
  middle: 'central',
  bottom: 'text-after-edge',
};

export function vectorSurface(width: number, height: number): VectorSurface {
  const context = new Context({ width, height });
  context.__applyText = (text, x, y, action) => addText(context, text, x, y, action);
  const canvas: CanvasLike = { width, height, getContext: () => context };
  context.canvas = canvas;
  return { canvas, width, height, ratio: 1, svg: () => withPlainColors(context.getSvg()) };
}

/** As svgcanvas does it, but for a `style` attribute, which the page's content security policy refuses. */
function addText(context: Context, text: string, x: number, y: number, action: 'fill' | 'stroke'): void {
  const { style } = document.createElement('span');
  style.font = context.font;
  const parent = context.__closestGroupOrSvg();
  const element = context.__createElement(
    'text',
    {
      'font-family': style.fontFamily.replaceAll('"', "'"),
      'font-size': style.fontSize,
      'font-weight': style.fontWeight,
      x,
      y,
      'text-anchor': anchors[context.textAlign] ?? 'start',
      'dominant-baseline': baselines[context.textBaseline] ?? 'alphabetic',
    },
    true,
  );
  element.append(text);
  context.__currentElement = element;
  context.__applyTransformation(element);
  context.__applyStyleToCurrentElement(action);
  parent.append(element);
}

/** Programs that read SVG know `rgb()`, not `color-mix()`. */
function withPlainColors(svg: SVGSVGElement): SVGSVGElement {
  for (const element of svg.querySelectorAll('[fill], [stroke]'))
    for (const name of ['fill', 'stroke'] as const) plainColor(element, name);
  return svg;
}

export function plainColor(element: Element, name: 'fill' | 'stroke'): void {
  const color = element.getAttribute(name);
  if (color === null || color === 'none' || color.startsWith('url(')) return;
  const { red, green, blue, alpha } = rgbaOf(color);
  element.setAttribute(name, `rgb(${red},${green},${blue})`);
  const before = Number(element.getAttribute(`${name}-opacity`) ?? 1);
  if (alpha * before < 1) element.setAttribute(`${name}-opacity`, String(Number((alpha * before).toFixed(3))));
}
