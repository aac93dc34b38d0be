// @ts-check
import process from 'node:process';

/**
 * Property tests draw the same cases each time, so that what is green stays green. Who looks for more gives another
 * number by FLOWDECK_SEED.
 */
export const seed = Number(process.env.FLOWDECK_SEED ?? 1);
