// Finds a receipt by what a person remembers of it: the sum, the time, the number.

export interface Findable {
  number: string
  clock: string // "10:42"
  totalDong: number
}

const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** "137", "137.000", "10:4", "A-261124-012", "12": whatever fits one of the three. */
export function fits(one: Findable, typed: string): boolean {
  const wanted = typed.trim().toUpperCase()
  if (wanted === '') return true
  if (wanted.includes(':'))
    return one.clock.startsWith(wanted.padStart(wanted.indexOf(':') < 2 ? wanted.length + 1 : 0, '0'))
  if (one.number.includes(wanted)) return true
  const digits = digitsOf(wanted)
  if (digits === '' || /[A-Z]/.test(wanted)) return false
  return String(one.totalDong).startsWith(digits)
}
