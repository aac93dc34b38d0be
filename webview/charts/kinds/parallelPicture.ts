import type { Parallel, ParallelAxis } from '../../../src/shared/charts/parallel';
import type { Picture } from './picture';

/** Where the axes of a picture stand, for brushing on them; CSS pixels. */
export interface AxisPlace {
  readonly axis: ParallelAxis;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** Parallel coordinates: a picture whose axes can be brushed. */
export interface ParallelPicture extends Picture {
  readonly data: Parallel;
  axisPlaces(width: number, height: number): readonly AxisPlace[];
}

export const isParallel = (picture: Picture): picture is ParallelPicture => 'axisPlaces' in picture;
