/** A skeleton appears after 200 ms (`.loading` in components.css) and then stays for at least 300 ms: shorter, it would flash. */
import { useEffect } from 'react';

const appearsMs = 200;
const staysMs = 300;

/** The skeletons in the page, with the time at which each was added. */
const added = new Map<object, number>();

export function useSkeletonTime(): void {
  useEffect(() => {
    const skeleton = {};
    added.set(skeleton, performance.now());
    return () => void added.delete(skeleton);
  }, []);
}

/** Waits for the skeletons that have appeared. Without one, the content is shown at once. */
export async function skeletonsSeen(): Promise<void> {
  const ages = [...added.values()].map((since) => performance.now() - since);
  const rests = ages.filter((age) => age > appearsMs).map((age) => appearsMs + staysMs - age);
  const rest = Math.max(0, ...rests);
  if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
}
