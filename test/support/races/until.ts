/** Waits for what happens beside the request: asks again until it is so, or says what it waited for in vain. */
const timeoutMs = 10_000;
const pauseMs = 20;

/**
 * @param probe what to ask; undefined, null and false mean "not yet"
 * @returns the first answer of the probe that is one
 */
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
