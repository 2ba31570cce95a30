// Amounts as they are written on a wall: short, rounded half up, digits in groups.
import { formatNumber } from '../rules/price'

export interface Units {
  million: string
  billion: string
}

/** 12450000 -> "12,5 tr", 999950000 -> "1 tỷ"; as fair_pos/reports/charts.short_dong. */
export function shortDong(dong: number, { million, billion }: Units): string {
  const sign = dong < 0 ? '−' : ''
  const size = Math.abs(dong)
  const tenths = (step: number): string => {
    const all = Math.floor((size * 10 + step / 2) / step)
    const [whole, tenth] = [Math.floor(all / 10), all % 10]
    return `${formatNumber(whole)}${tenth ? `,${tenth}` : ''}`
  }
  if (size >= 999_950_000) return `${sign}${tenths(10 ** 9)} ${billion}`
  if (size >= 999_500) return `${sign}${tenths(10 ** 6)} ${million}`
  if (size >= 1_000) return `${sign}${Math.floor((size + 500) / 1_000)}k`
  return `${sign}${size}`
}

/** The main number with its unit: whole đồng, whole millions where đồng would not fit across the wall. */
export function mainDong(dong: number, { million }: Units): { number: string; unit: string } {
  if (Math.abs(dong) < 10 ** 10) return { number: formatNumber(dong), unit: '₫' }
  return { number: formatNumber(Math.round(dong / 10 ** 6)), unit: `${million} ₫` }
}
