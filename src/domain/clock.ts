/** Time is injected: in production the time of the database (database-clock.ts), in tests a time that they set. */
export interface Clock {
  now(): Date;
}

export function secondsAfter(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}
