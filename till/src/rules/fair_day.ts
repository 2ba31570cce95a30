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

/** "24/11/2026" */
export const writtenDay = (day: string): string => day.split('-').reverse().join('/')

export const starsShown = (stars: number, starsUntil: string | null, day: string): number =>
  starsUntil !== null && day <= starsUntil ? stars : 0
