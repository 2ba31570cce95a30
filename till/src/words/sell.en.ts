import type { sellVi } from './sell.vi'
import type { Shape } from './shape'

export const sellEn: Shape<typeof sellVi> = {
  park: 'Lay aside',
}
