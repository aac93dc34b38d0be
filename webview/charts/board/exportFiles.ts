import type { ChartColors } from '../../controls/theme';
import type { LegendItem } from '../kinds/picture';
import type { Exportable } from './exportable';
import { plainColor, vectorSurface } from './vectorSurface';

/** Pixels of a file for each CSS pixel. */
const ratio = 2;
const padding = 12;
const line = 18;
/** Of a chart that is not on screen. */
const usual = { width: 720, height: 420 };
const mostLegendLines = 6;

interface Text {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly bold: boolean;
  readonly swatch?: string;
}

/** Where title, notes and legend stand above the chart. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly Text[];
  readonly chart: { readonly y: number; readonly width: number; readonly height: number };
}

function layoutOf(chart: Exportable, colors: ChartColors): Layout {
  const canvas = chart.canvas();
  const width = canvas?.clientWidth || usual.width;
  const height = canvas?.clientHeight || usual.height;
  const texts: Text[] = [{ text: chart.title, x: padding, y: padding + 12, bold: true }];
  for (const [at, text] of chart.notes.entries())
    texts.push({ text, x: padding, y: padding + 12 + (at + 1) * line, bold: false });
  const y = texts.at(-1)?.y ?? 0;
  const legend = legendTexts(chart.legend, width, y, colors);
  texts.push(...legend);
  const top = (legend.at(-1)?.y ?? y) + padding;
  return { width, height: top + height + padding, texts, chart: { y: top, width, height } };
}

/** Row after row of swatches with names; what does not fit is counted. */
function legendTexts(legend: readonly LegendItem[], width: number, above: number, colors: ChartColors): Text[] {
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = font(colors, false);
  const texts: Text[] = [];
  let [x, y] = [padding, above + line];
  for (const [at, { label, color }] of legend.entries()) {
    const wide = 14 + (context?.measureText(label).width ?? label.length * 7) + 16;
    if (x > padding && x + wide > width) [x, y] = [padding, y + line];
    if (y > above + mostLegendLines * line)
      return [...texts, { text: `and ${legend.length - at} more`, x: padding, y, bold: false }];
    texts.push({ text: label, x, y, bold: false, swatch: color });
    x += wide;
  }
  return texts;
}

const font = (colors: ChartColors, bold: boolean) => `${bold ? '600 13' : colors.fontSize}px ${colors.font}`;

/** A PNG at twice the size on screen, with title, notes and legend on the theme's background. */
export async function pngOf(chart: Exportable, colors: ChartColors): Promise<Blob> {
  const layout = layoutOf(chart, colors);
  const canvas = Object.assign(document.createElement('canvas'), {
    width: Math.round(layout.width * ratio),
    height: Math.round(layout.height * ratio),
  });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws no canvas.');
  context.scale(ratio, ratio);
  context.fillStyle = colors.background;
  context.fillRect(0, 0, layout.width, layout.height);
  for (const { text, x, y, bold, swatch } of layout.texts) {
    if (swatch) {
      context.fillStyle = swatch;
      context.fillRect(x, y - 9, 9, 9);
    }
    context.font = font(colors, bold);
    context.fillStyle = bold ? colors.foreground : colors.muted;
    context.fillText(text, swatch ? x + 14 : x, y);
  }
  const { width, height, y } = layout.chart;
  const inner = document.createElement('canvas');
  const drawn = chart.drawTo({ canvas: inner, width, height, ratio });
  context.drawImage(inner, 0, y, width, height);
  drawn.dispose();
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large for this browser.'))));
  });
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** The same as vectors: every line, dot and text is an element that can be edited. */
export function svgOf(chart: Exportable, colors: ChartColors): string {
  const layout = layoutOf(chart, colors);
  const { width, height, y } = layout.chart;
  const root = element('svg', {
    width: layout.width,
    height: layout.height,
    viewBox: `0 0 ${layout.width} ${layout.height}`,
  });
  root.append(colored('rect', { width: layout.width, height: layout.height }, colors.background));
  for (const item of layout.texts) {
    if (item.swatch) root.append(colored('rect', { x: item.x, y: item.y - 9, width: 9, height: 9 }, item.swatch));
    const at = { x: item.swatch ? item.x + 14 : item.x, y: item.y };
    const look = {
      'font-family': colors.font.replaceAll('"', "'"),
      'font-size': item.bold ? 13 : colors.fontSize,
      ...(item.bold ? { 'font-weight': 600 } : {}),
    };
    const text = colored('text', { ...at, ...look }, item.bold ? colors.foreground : colors.muted);
    text.append(item.text);
    root.append(text);
  }
  const surface = vectorSurface(width, height);
  const drawn = chart.drawTo(surface);
  const inner = surface.svg().cloneNode(true) as SVGSVGElement;
  drawn.dispose();
  inner.setAttribute('y', String(y));
  root.append(inner);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`;
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made as SVGElement;
}

function colored(name: string, attributes: Readonly<Record<string, string | number>>, color: string): SVGElement {
  const made = element(name, { ...attributes, fill: color });
  plainColor(made, 'fill');
  return made;
}
