// Goods given away go the way of a sale: same chain, same outbox, same transaction; only no receipt.
import { signal } from '@preact/signals'
import { soundRecorded, soundRefused } from '../parts/sound'
import type { BorneBy } from '../rules/discount'
import { buildGiveaway, type Purpose } from '../rules/giveaway'
import { newId } from '../rules/ids'
import { cartIsEmpty, cartWasSold, offerUndo, priced } from './cart'
import { maySell, words } from './device'
import { sceneNow, write } from './record'
import { show } from './screen'

export const givingAway = signal(false)

// Kept until it is written: a second try after a fault is the same giveaway.
let idOfThis: string | null = null

/** False when it is not certain that it was written; the cart then still lies open. */
export async function giveAway(purpose: Purpose, borneBy: BorneBy, note: string): Promise<boolean> {
  const scene = sceneNow()
  if (scene === null || !maySell.value || cartIsEmpty.value) return false
  if (givingAway.value) return true
  givingAway.value = true
  const given = priced.value
  const id = (idOfThis ??= newId(Date.now()))
  const { list, by, moment } = scene
  try {
    await write(scene, {
      id,
      numbered: false,
      emptiesCart: true,
      compose: (place) => buildGiveaway({ id, purpose, borneBy, note }, given, list.version, by, moment, place),
    })
    idOfThis = null
    cartWasSold()
    show({ name: 'sell' })
    soundRecorded()
    offerUndo(words.value.givenAway(words.value.purposes[purpose], given.pieces), null)
    return true
  } catch {
    soundRefused()
    return false
  } finally {
    givingAway.value = false
  }
}
