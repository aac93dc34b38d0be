/** ms from 1970 that a date can be; a server may hold any whole number as a time. */
export const isInstant = (ms: number): boolean => Math.abs(ms) <= 8.64e15;
