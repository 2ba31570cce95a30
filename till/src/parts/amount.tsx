import { formatNumber } from '../rules/price'

/** The figure large, the đồng sign small; read out and copied as one. */
export function Amount({ dong }: { dong: number }) {
  return (
    <span class="amount">
      {formatNumber(dong)}
      <span class="dong"> ₫</span>
    </span>
  )
}

/** How far a large figure must shrink to stay on one line; CSS multiplies by it. */
export const lengthClass = (dong: number): string => {
  const length = formatNumber(dong).length
  return length > 11 ? 'very-long' : length > 8 ? 'long' : ''
}
