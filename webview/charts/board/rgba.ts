/** 0 … 255, alpha 0 … 1. */
export interface Rgba {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

const known = new Map<string, Rgba>();
let context: CanvasRenderingContext2D | null | undefined;

/** Any colour that CSS has, as the browser paints it. */
export function rgbaOf(color: string): Rgba {
  const found = known.get(color);
  if (found) return found;
  context ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  });
  if (!context) return { red: 0, green: 0, blue: 0, alpha: 1 };
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = '#000';
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  const made = { red, green, blue, alpha: alpha / 255 };
  known.set(color, made);
  return made;
}
