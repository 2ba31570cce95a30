// Vietnam keeps UTC+7 all year, so the fair's clock is arithmetic and does not depend on the tablet's time zone setting.

const UTC_PLUS_7_MS = 7 * 3_600_000

const shifted = (instantMs: number, backMinutes = 0): Date => new Date(instantMs + UTC_PLUS_7_MS - backMinutes * 60_000)

/** A sale at half past one at night belongs to the evening before when the boundary is four o'clock. */
export function fairDay(instantMs: number, boundaryMinutes: number): string {
  return shifted(instantMs, boundaryMinutes).toISOString().slice(0, 10)
}

export const localHour = (instantMs: number): number => shifted(instantMs).getUTCHours()

/** "10:42" */
export const localClock = (instantMs: number): string => shifted(instantMs).toISOString().slice(11, 16)

/** "2026-03-01" -> "2026-02-28" */
export const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 24 * 3_600_000).toISOString().slice(0, 10)

/** "2026-11-24", "2026-12-01" -> 7 */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / (24 * 3_600_000)

/** From so many days before its expiry a lot is marked. */
export const EXPIRES_SOON_DAYS = 7

/** "24/11/2026" */
export const writtenDay = (day: string): string => day.split('-').reverse().join('/')

/** "24/11" */
export const shortDay = (day: string): string => writtenDay(day).slice(0, 5)

export const starsShown = (stars: number, starsUntil: string | null, day: string): number =>
  starsUntil !== null && day <= starsUntil ? stars : 0
