/** Texts that show nothing when they are drawn, or that are drawn over the text before them. */

/** Letters and symbols that Unicode draws as nothing: fillers, an empty Braille cell, a null notehead, blank hieroglyphs. */
const blank = /[\u3164\uffa0\u2800\u{1d159}\u{13441}\u{13442}]/u;
/** A mark without a letter before it is drawn over whatever text comes before. */
const loneMark = /(?:^|\p{Z})\p{M}/u;
const visible = /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]/u;

/** Whether a text shows at least one character, and none of it is blank or drawn over its surroundings. */
export function isVisible(text: string): boolean {
  return visible.test(text) && !blank.test(text) && !loneMark.test(text);
}
