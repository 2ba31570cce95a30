import type { payVi } from './pay.vi'
import type { Shape } from './shape'

export const payEn: Shape<typeof payVi> = {
  drawer: 'Drawer',
}
