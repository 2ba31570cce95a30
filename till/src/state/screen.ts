// Which screen is up. Depth two at most: everything opens from selling and closes back to it.
import { signal } from '@preact/signals'
import { screenChanged } from '../parts/ghost_tap'

export type Screen =
  | { name: 'sell' }
  | { name: 'cart' } // phones only; tablets show the cart beside the goods
  | { name: 'quantity'; productId: string; from: 'sell' | 'cart' }
  | { name: 'pay' }
  | { name: 'sales' }
  | { name: 'receipt'; saleId: string }
  | { name: 'more' }

export const screen = signal<Screen>({ name: 'sell' })

export function show(next: Screen): void {
  screenChanged()
  screen.value = next
}

export function goBack(): void {
  const at = screen.value
  if (at.name === 'receipt') show({ name: 'sales' })
  else show({ name: at.name === 'quantity' ? at.from : 'sell' })
}

// Android's back key would leave the program in the middle of a sale. One spare history entry turns it into our "back".
export function catchBackKey(): void {
  history.pushState(null, '')
  addEventListener('popstate', () => {
    goBack()
    history.pushState(null, '')
  })
}
