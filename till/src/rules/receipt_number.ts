/** <device letter>-<yymmdd of the fair day>-<counter>: a label for people; the key of a sale is its id. */
export function receiptNumber(letter: string, fairDay: string, counter: number): string {
  return `${letter}-${fairDay.slice(2).replaceAll('-', '')}-${String(counter).padStart(3, '0')}`
}

export function counterOf(number: string): number | null {
  const digits = /-\d{6}-(\d{3,})$/.exec(number)?.[1]
  return digits === undefined ? null : Number(digits)
}
