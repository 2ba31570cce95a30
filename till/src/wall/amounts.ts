// Amounts as they are written on a wall: short, rounded half up, digits in groups.
import { formatNumber } from '../rules/price'

export interface Units {
  million: string
  billion: string
}

/** 9500 -> "9.500", 84500 -> "84,5k", 1450000 -> "1,45 tr", 12450000 -> "12,5 tr"; as fair_pos/reports/charts.short_dong. */
export function shortDong(dong: number, { million, billion }: Units): string {
  const sign = dong < 0 ? '−' : ''
  const size = Math.abs(dong)
  const inUnits = (step: number): string => {
    const exact = Math.floor((size * 100 + step / 2) / step)
    const hundredths = exact < 1_000 ? exact : Math.floor((size * 10 + step / 2) / step) * 10
    const digits = String(hundredths % 100)
      .padStart(2, '0')
      .replace(/0+$/, '')
    return `${formatNumber(Math.floor(hundredths / 100))}${digits && `,${digits}`}`
  }
  if (size < 10_000) return `${sign}${formatNumber(size)}`
  if (size < 999_950) return `${sign}${inUnits(1_000)}k`
  if (size < 999_950_000) return `${sign}${inUnits(10 ** 6)} ${million}`
  return `${sign}${inUnits(10 ** 9)} ${billion}`
}

/** The main number with its unit: whole đồng, whole millions where đồng would not fit across the wall. */
export function mainDong(dong: number, { million }: Units): { number: string; unit: string } {
  if (Math.abs(dong) < 10 ** 10) return { number: formatNumber(dong), unit: '₫' }
  return { number: formatNumber(Math.round(dong / 10 ** 6)), unit: `${million} ₫` }
}
