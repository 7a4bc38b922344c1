/** The clock of a process that is ahead of that of this machine. */

/** @param seconds negative: behind @returns settings that load the clock before the program */
export function clockAheadBy(seconds: number): Record<string, string> {
  const script = `const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...parts) { if (parts.length > 0) super(...parts); else super(Real.now() + ${seconds * 1000}); }
      static now() { return Real.now() + ${seconds * 1000}; }
    };`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}` };
}
