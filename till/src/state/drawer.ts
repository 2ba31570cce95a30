// The drawer: opened with a counted float, closed with a count; everything between belongs to one till session.
import { computed, effect, signal } from '@preact/signals'
import { commandsOfSession, markStored, readDrawer, Refusal } from '../ledger/sales'
import { type DrawerState, keepFact, readFact, type StoredSale } from '../ledger/schema'
import type { AnyCommand } from '../rules/command'
import { closingFields, countedOf, type Session, sessionOf } from '../rules/drawer'
import { dayBefore } from '../rules/fair_day'
import { newId } from '../rules/ids'
import { commonOf, momentsFairDay } from '../rules/sale'
import { slipOf } from '../rules/z_slip'
import type { NoteCount, TillClosedCommand } from '../wire.gen'
import { ledger, pairing, person, priceList, today, words } from './device'
import { sceneNow, write } from './record'
import { toldByServer } from './transfers'

const CLOSED: DrawerState = { device_id: '', session_id: null, z_number: 0 }
export const drawer = signal<DrawerState>(CLOSED)
export const usualFloat = signal<NoteCount[]>([])
const usualFloatDay = signal<string | null>(null)
/** A float of days ago must not be called yesterday's: the seller would look for it in the wrong envelope. */
export const floatWasYesterdays = computed(
  () => usualFloatDay.value !== null && usualFloatDay.value === dayBefore(today.value),
)

export const drawerOpen = computed(() => drawer.value.session_id !== null)
/** Selling waits until the float is counted. */
export const waitsForDrawer = computed(() => (priceList.value?.rules?.drawer ?? false) && !drawerOpen.value)
/** Worth showing at all: the organiser wants drawers, or one is open from before. */
export const hasDrawer = computed(() => (priceList.value?.rules?.drawer ?? false) || drawerOpen.value)

async function refresh(): Promise<void> {
  const device = pairing.value
  drawer.value = device === null ? CLOSED : await readDrawer(ledger(), device.device_id)
}

/** Once the ledger is open, and whenever the tablet becomes another device. */
export async function restoreDrawer(): Promise<void> {
  usualFloat.value = (await readFact(ledger(), 'usual_float')) ?? []
  usualFloatDay.value = (await readFact(ledger(), 'usual_float_day')) ?? null
  await refresh()
  effect(() => {
    if (pairing.value?.device_id !== drawer.peek().device_id) void refresh()
  })
}

export async function openDrawer(notes: NoteCount[]): Promise<void> {
  const scene = sceneNow()
  if (scene === null || drawerOpen.value) return
  const id = newId(Date.now())
  const sessionId = newId(Date.now())
  await write(scene, {
    id,
    numbered: false,
    emptiesCart: false,
    compose(place) {
      if (place.tillSessionId !== null) throw new Refusal('the drawer is open')
      return {
        kind: 'till_opened',
        ...commonOf(id, scene.by, scene.moment, place),
        till_session_id: sessionId,
        notes,
        float_dong: countedOf(notes),
      }
    },
  })
  usualFloat.value = notes
  usualFloatDay.value = momentsFairDay(scene.moment)
  keepFact(ledger(), 'usual_float', notes).catch(() => {})
  keepFact(ledger(), 'usual_float_day', usualFloatDay.value).catch(() => {})
  await refresh()
}

export async function moveCash(id: string, direction: 'in' | 'out', dong: number, reason: string): Promise<void> {
  const scene = sceneNow()
  if (scene === null) return
  await write(scene, {
    id,
    numbered: false,
    emptiesCart: false,
    compose(place) {
      if (place.tillSessionId === null) throw new Refusal('no drawer is open')
      return {
        kind: 'cash_moved',
        ...commonOf(id, scene.by, scene.moment, place),
        direction,
        amount_dong: dong,
        reason,
      }
    },
  })
}

export async function readSession(): Promise<Session | null> {
  const { session_id } = drawer.value
  return session_id === null ? null : sessionOf(await commandsOfSession(ledger(), session_id))
}

export interface Count {
  notes: NoteCount[]
  cardDong: number
  explanation: string
  secondPersonId: string | null
}

/** What the closing names is read between the place in the chain and the write: a sale recorded meanwhile makes it read again. */
export async function closeDrawer(id: string, count: Count, parkedCarts: number): Promise<StoredSale | null> {
  const scene = sceneNow()
  if (scene === null) return null
  let covered: AnyCommand[] = []
  const stored = await write(scene, {
    id,
    numbered: false,
    emptiesCart: false,
    async compose(place) {
      if (place.tillSessionId === null) throw new Refusal('no drawer is open')
      covered = await commandsOfSession(ledger(), place.tillSessionId)
      const session = sessionOf(covered)
      if (session === null) throw new Refusal('the opening is missing')
      const closing = {
        session,
        notes: count.notes,
        countedCardDong: count.cardDong,
        explanation: count.explanation,
        secondPersonId: count.secondPersonId,
      }
      const limit = scene.list.rules?.close_limit_dong ?? 0
      return {
        kind: 'till_closed',
        ...commonOf(id, scene.by, scene.moment, place),
        z_number: place.zNumber,
        ...closingFields(closing, limit),
      }
    },
  })
  const slip = drawSlip(JSON.parse(stored.text) as TillClosedCommand, covered, parkedCarts)
  if (slip !== null) await markStored(ledger(), id, { slip }).catch(() => {})
  await refresh()
  return (await ledger().get('sales', id)) ?? stored
}

function drawSlip(command: TillClosedCommand, covered: readonly AnyCommand[], parkedCarts: number): string | null {
  const session = sessionOf(covered)
  const list = priceList.value
  if (session === null || list === null) return null
  const confirmed = new Set(
    toldByServer.value
      .filter((one) => one.state === 'confirmed' || one.state === 'overpaid')
      .map((one) => `${one.sale_id}/${one.payment_no}`),
  )
  const nameOf = (id: string): string => list.sellers?.find((one) => one.id === id)?.name ?? sellerNames(id)
  const names = {
    edition: list.edition.name,
    booth: `${list.booth.code}: ${list.booth.name}`,
    tablet: pairing.value?.letter ?? '',
    person: nameOf(command.person_id),
    second: command.second_person_id == null ? '' : nameOf(command.second_person_id),
  }
  return JSON.stringify(slipOf(command, session, names, confirmed, parkedCarts, words.value))
}

const sellerNames = (id: string): string => (person.value?.id === id ? person.value.name : id.slice(-6))

/** As it was first drawn; only a slip whose drawing was cut off is made again, from the same commands. */
export async function slipOfClosing(closingId: string): Promise<string | null> {
  const stored = await ledger().get('sales', closingId)
  if (stored === undefined || stored.kind !== 'till_closed') return null
  if (stored.slip !== undefined) return stored.slip
  const command = JSON.parse(stored.text) as TillClosedCommand
  if (command.till_session_id == null) return null
  const all = await commandsOfSession(ledger(), command.till_session_id)
  const slip = drawSlip(
    command,
    all.filter((one) => one.seq < command.seq),
    0,
  )
  if (slip !== null) await markStored(ledger(), closingId, { slip })
  return slip
}

/** Closings of this device, newest first. */
export async function closings(): Promise<TillClosedCommand[]> {
  const device = pairing.value
  if (device === null) return []
  const found: TillClosedCommand[] = []
  const range = IDBKeyRange.bound([device.device_id, 0], [device.device_id, Infinity])
  let cursor = await ledger().transaction('sales').store.index('by_seq').openCursor(range, 'prev')
  while (cursor !== null && found.length < 30) {
    if (cursor.value.kind === 'till_closed') found.push(JSON.parse(cursor.value.text) as TillClosedCommand)
    cursor = await cursor.continue()
  }
  return found
}
