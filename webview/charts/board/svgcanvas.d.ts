/** What is used of svgcanvas 2.6, which has no types of its own. Names with `__` are its internals. */
declare module 'svgcanvas' {
  export class Context {
    constructor(options: { readonly width: number; readonly height: number });
    canvas: unknown;
    font: string;
    textAlign: string;
    textBaseline: string;
    __currentElement: Element;
    __applyText(text: string, x: number, y: number, action: 'fill' | 'stroke'): void;
    __createElement(
      name: string,
      properties: Readonly<Record<string, string | number>>,
      resetFill: boolean,
    ): SVGElement;
    __closestGroupOrSvg(): Element;
    __applyTransformation(element: Element): void;
    __applyStyleToCurrentElement(action: 'fill' | 'stroke'): void;
    getSvg(): SVGSVGElement;
  }
}
