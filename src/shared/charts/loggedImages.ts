import { nameOf } from '../artifactPath';
import { naturalCompare } from '../naturalCompare';

/** An image of a run; `step` where `mlflow.log_image` named it after a key and a step. */
export interface LoggedImage {
  readonly path: string;
  /** The key, or the path. */
  readonly key: string;
  readonly step?: number;
  /** ms */
  readonly timestamp?: number;
}

/** The types that are shown; svg as an image only, which runs no script. */
const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  bmp: 'image/bmp',
};

/** By the end of the name; undefined for what is no image that a page shows. */
export function imageType(path: string): string | undefined {
  return types[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
}

/**
 * `images/<key>+step+<n>+timestamp+<ms>+<uuid>[+compressed].<type>`, as `MlflowClient.log_image` of MLflow 3 writes
 * (mlflow/tracking/client.py); MLflow 2 has `%` for `+`, and `#` for the slashes of keys where MLflow 3 has `~`.
 */
const logged =
  /^(?<key>.*)(?<mark>[+%])step\k<mark>(?<step>-?\d+)\k<mark>timestamp\k<mark>(?<time>\d+)\k<mark>(?<rest>[^+%]+(?<small>[+%]compressed)?)\.\w+$/s;

/** Undefined for no image, and for the small copy that MLflow keeps beside each. */
export function loggedImage(path: string): LoggedImage | undefined {
  if (!imageType(path)) return undefined;
  const parts = logged.exec(nameOf(path))?.groups;
  if (!parts) return { path, key: path };
  if (parts.small !== undefined) return undefined;
  const key = (parts.key ?? '').replaceAll(parts.mark === '%' ? '#' : '~', '/');
  return { path, key, step: Number(parts.step), timestamp: Number(parts.time) };
}

export interface ImageSeries {
  readonly key: string;
  /** Rising steps; a step logged again has its newest image. Without steps there is one. */
  readonly images: readonly LoggedImage[];
}

/** The images among paths, by key in natural order. */
export function imageSeries(paths: readonly string[]): readonly ImageSeries[] {
  const byKey = new Map<string, Map<number, LoggedImage>>();
  for (const path of paths) {
    const image = loggedImage(path);
    if (!image) continue;
    const steps = byKey.get(image.key) ?? new Map<number, LoggedImage>();
    byKey.set(image.key, steps);
    const known = steps.get(image.step ?? 0);
    if (!known || (known.timestamp ?? 0) <= (image.timestamp ?? 0)) steps.set(image.step ?? 0, image);
  }
  return [...byKey]
    .sort(([a], [b]) => naturalCompare(a, b))
    .map(([key, steps]) => ({ key, images: [...steps].sort(([a], [b]) => a - b).map(([, image]) => image) }));
}

/** The steps of several series, rising; empty where none has steps. */
export function stepsOf(series: readonly ImageSeries[]): readonly number[] {
  const steps = new Set(series.flatMap(({ images }) => images.flatMap(({ step }) => step ?? [])));
  return [...steps].sort((a, b) => a - b);
}

/** What is seen at a step: the image of that step, or the last one before it; images without steps always. */
export function imageAt({ images }: ImageSeries, step: number | undefined): LoggedImage | undefined {
  if (step === undefined) return images.at(-1);
  return images.findLast((image) => (image.step ?? Number.NEGATIVE_INFINITY) <= step);
}
