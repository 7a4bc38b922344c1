/** Waits for effects beside the request: polls until the condition holds, or reports which one did not. */
const timeoutMs = 10_000;
const pauseMs = 20;

/** @param probe the condition; undefined, null and false mean "not yet" @returns the first other result of the probe */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  deadlineMs = timeoutMs,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
