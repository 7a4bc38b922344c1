/** Sentences as data: text, and the parts of it that stand out. They are rendered as React nodes, never as HTML. */

/** `name`: a person, in bold. `value`: a code of the gateway, such as a role. */
export type Part = string | { kind: 'name' | 'value'; text: string };
export type Sentence = readonly Part[];

export const name = (text: string): Part => ({ kind: 'name', text });
export const value = (text: string): Part => ({ kind: 'value', text });

/** A template: say`${actor} suspended ${target}`. Its values are parts or sentences. */
export function say(texts: TemplateStringsArray, ...values: readonly (Part | Sentence)[]): Sentence {
  return texts.flatMap((text, index): Part[] => {
    const given = values[index] ?? [];
    return [...(text === '' ? [] : [text]), ...(isSentence(given) ? given : [given])];
  });
}

export function textOf(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

/** A sentence that begins with a small letter, such as one about "a deleted user", gets a capital one. */
export function capitalised([first, ...rest]: Sentence): Sentence {
  if (typeof first !== 'string') return first === undefined ? [] : [first, ...rest];
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest];
}

function isSentence(given: Part | Sentence): given is Sentence {
  return Array.isArray(given);
}
