import { BasicPlatform, Chart, type ChartConfiguration, type ChartType } from 'chart.js';

/** What of a canvas chart.js needs: one on the page, or one whose context writes vectors. */
export interface CanvasLike {
  width: number;
  height: number;
  getContext(kind: '2d'): unknown;
}

/** Where a picture is drawn. Sizes are CSS pixels; `ratio` device pixels go into each. */
export interface Surface {
  readonly canvas: HTMLCanvasElement | CanvasLike;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/**
 * Draws a chart at once and without listening to anything. Whoever asked for it destroys it, which also clears the
 * canvas: what is to be kept is taken out first.
 */
export function paint<Type extends ChartType>(surface: Surface, config: ChartConfiguration<Type>): Chart<Type> {
  const { canvas, width, height, ratio } = surface;
  canvas.width = width;
  canvas.height = height;
  if (canvas instanceof HTMLCanvasElement) Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const fixed = {
    responsive: false,
    maintainAspectRatio: false,
    animation: false,
    events: [],
    devicePixelRatio: ratio,
  };
  const options = { ...config.options, ...fixed };
  // chart.js takes anything with a `getContext`, which its types do not say.
  const element = canvas as HTMLCanvasElement;
  const whole = { ...config, options, platform: BasicPlatform } as unknown as ChartConfiguration<Type>;
  return new Chart<Type>(element, whole);
}

/** The context of a surface, scaled so that its units are CSS pixels, for pictures that draw themselves. */
export function contextOf({ canvas, width, height, ratio }: Surface): CanvasRenderingContext2D | undefined {
  canvas.width = Math.floor(width * ratio);
  canvas.height = Math.floor(height * ratio);
  if (canvas instanceof HTMLCanvasElement) Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | null;
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context ?? undefined;
}
