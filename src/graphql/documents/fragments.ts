/** Measures each fragment of a document once, however often it is spread: the cost stays linear in the size of the document. */
import type { FragmentDefinitionNode } from 'graphql';

export interface FragmentMeasure<Size> {
  find(name: string): FragmentDefinitionNode | null | undefined;
  measure(fragment: FragmentDefinitionNode): Size;
  /** The size of an unknown fragment, and of one that spreads itself: graphql's own rules reject both. */
  none: Size;
}

export function oncePerFragment<Size>({ find, measure, none }: FragmentMeasure<Size>): (name: string) => Size {
  const known = new Map<string, Size>();
  return (name) => {
    const measured = known.get(name);
    if (measured !== undefined) return measured;
    known.set(name, none);
    const fragment = find(name);
    const size = fragment ? measure(fragment) : none;
    known.set(name, size);
    return size;
  };
}
