/** Time is injected: in production the database's (database-clock.ts), in tests one that they move. */
export interface Clock {
  now(): Date;
}

export function secondsAfter(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}
