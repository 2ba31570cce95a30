// Carts laid aside. Laying aside and taking up again are one transaction each: a cart is in one place, never in both or neither.
import type { Cart } from '../rules/cart'
import type { ParkedCart, TillDb } from './schema'

/** Oldest first. */
export async function parkedCarts(db: TillDb): Promise<ParkedCart[]> {
  return (await db.getAll('parked')).sort((a, b) => a.parked_at_ms - b.parked_at_ms || a.number - b.number)
}

export async function park(db: TillDb, parked: ParkedCart): Promise<void> {
  const tx = db.transaction(['parked', 'facts'], 'readwrite', { durability: 'strict' })
  await allOrNothing(tx, [() => tx.objectStore('parked').add(parked), () => tx.objectStore('facts').delete('cart')])
}

/** Takes `id` up; what lay open is laid aside in the same moment. null: somebody has taken it already. */
export async function takeUp(db: TillDb, id: string, open: ParkedCart | null): Promise<Cart | null> {
  const tx = db.transaction(['parked', 'facts'], 'readwrite', { durability: 'strict' })
  const parked = tx.objectStore('parked')
  const found = await parked.get(id)
  if (found === undefined) {
    await tx.done
    return null
  }
  await allOrNothing(tx, [
    () => parked.delete(id),
    () => (open === null ? Promise.resolve() : parked.add(open)),
    () => tx.objectStore('facts').put(found.cart, 'cart'),
  ])
  return found.cart
}

/** A write that throws at once does not abort what was asked before it: the cart would be gone from one place and not be in the other. */
async function allOrNothing(
  tx: { done: Promise<void>; abort(): void },
  writes: readonly (() => Promise<unknown>)[],
): Promise<void> {
  const asked: Promise<unknown>[] = [tx.done]
  try {
    for (const write of writes) asked.push(write())
    await Promise.all(asked)
  } catch (cause) {
    try {
      tx.abort()
    } catch {
      // It has aborted by itself.
    }
    await Promise.allSettled(asked)
    throw cause
  }
}
