// Which screen is up. Depth two at most: everything opens from selling and closes back to it.
import { signal } from '@preact/signals'
import { screenChanged } from '../parts/ghost_tap'
import type { ChosenLot } from '../rules/lots'
import type { Original } from '../rules/refund'

export type Screen =
  | { name: 'sell' }
  | { name: 'cart' } // phones only; tablets show the cart beside the goods
  | SellingScreen
  | MoneyScreen
  | CountScreen
  | { name: 'pay' }
  | { name: 'sales' }
  | { name: 'receipt'; saleId: string; justMade?: boolean }
  | { name: 'more' }

/** Opened while a cart is being filled; `back` is what it was opened from. A key of null means the whole cart. */
export type SellingScreen =
  | { name: 'line'; key: string; back: Screen }
  | { name: 'quantity'; key: string; back: Screen }
  | { name: 'weight'; productId: string; key: string | null; lot?: ChosenLot | null; back: Screen }
  | { name: 'packs'; productId: string; back: Screen }
  | { name: 'lot'; productId: string; packId: string | null; key: string | null; back: Screen }
  | { name: 'price'; key: string; back: Screen }
  | { name: 'discount'; key: string | null; back: Screen }
  | { name: 'note'; key: string | null; back: Screen }
  | { name: 'cart_more'; back: Screen }
  | { name: 'parked'; back: Screen }
  | { name: 'giveaway'; back: Screen }
  | { name: 'scan'; back: Screen }
  | { name: 'second'; back: Screen }

/** Counting goods; from the list one tap leads back to selling. */
export type CountScreen =
  | { name: 'count' }
  | { name: 'count_line'; key: string; back: Screen }
  | { name: 'count_check'; back: Screen }
  | { name: 'count_recorded'; lines: number }

/** The drawer and giving back. */
export type MoneyScreen =
  | { name: 'drawer' }
  | { name: 'move_cash'; direction: 'in' | 'out' }
  | { name: 'close_till' }
  | { name: 'z_slips' }
  | { name: 'z_slip'; closingId: string; justClosed?: boolean }
  | { name: 'switch_person'; back: Screen }
  | { name: 'refund'; saleId: string; original: Original | null; back: Screen }
  | { name: 'find_receipt'; back: Screen }

export const screen = signal<Screen>({ name: 'sell' })

export function show(next: Screen): void {
  screenChanged()
  screen.value = next
}

export function goBack(): void {
  const at = screen.value
  if (at.name === 'receipt') show({ name: 'sales' })
  else show('back' in at ? at.back : { name: 'sell' })
}

// Android's back key would leave the program in the middle of a sale. One spare history entry turns it into our "back".
export function catchBackKey(): void {
  history.pushState(null, '')
  addEventListener('popstate', () => {
    goBack()
    history.pushState(null, '')
  })
}
