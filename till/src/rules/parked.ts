/** The smallest number no other cart has: numbers stay small enough to be called out. */
export function freeNumber(taken: readonly number[]): number {
  let number = 1
  while (taken.includes(number)) number++
  return number
}

export const COLOURS = 6

/** Goes with the number, so that "the yellow two" is always the same cart. */
export const colourOf = (number: number): number => ((number - 1) % COLOURS) + 1
