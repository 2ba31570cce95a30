// Vietnamese made comparable: "Ðiện Biên" typed with the Icelandic letter, in pieces (NFD) or without marks is one name.
// Same rule as fair_pos/kernel/text.py; both are held to tests/vectors/fold.json.

const INVISIBLE = /[\u200b\u200c\u200d\u2060\ufeff\u00ad]/g
const MARKS = /\p{Mn}/gu
// Letters whose lower case is not their case fold (ß is ss); toUpperCase knows the long form.
const FOLDS_LONGER = /[\u00df\u017f\u03c2\u00b5\u0149\u01f0\u0390\u03b0\u1e96-\u1e9e\ufb00-\ufb06\ufb13-\ufb17]/g

const casefold = (text: string): string =>
  text.toLowerCase().replace(FOLDS_LONGER, (letter) => letter.toUpperCase().toLowerCase())

// What the eye takes for đ, before anything is lower-cased: U+00D0 would become ð, which no keyboard here has.
const oneD = (text: string): string =>
  text.normalize('NFC').replaceAll('\u00d0', '\u0110').replaceAll('\u00f0', '\u0111')

const plainSpaces = (text: string): string => text.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim()

export function fold(text: string): string {
  return plainSpaces(casefold(oneD(text)).normalize('NFD').replace(MARKS, '').replaceAll('\u0111', 'd'))
}

/** Case and spacing evened out, marks kept: tells "đường" from "dương" when ranking. */
export function keepMarks(text: string): string {
  return plainSpaces(casefold(oneD(text)))
}
