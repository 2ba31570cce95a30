// Becoming a till, and ceasing to be one.
import type { Paired } from '../wire.gen'
import type { KnownDevice, Pairing, TillDb } from './schema'

type Devices = Record<string, KnownDevice>

/** With the secrets of these pairings kept beside what was known before. */
const withDevices = (known: Devices | undefined, ...pairings: (Pairing | undefined)[]): Devices =>
  pairings.reduce<Devices>((all, one) => {
    if (one === undefined) return all
    const { device_id, device_token, letter } = one
    return { ...all, [device_id]: { ...all[device_id], device_token, letter } }
  }, known ?? {})

/** One transaction, so that a tablet is never half paired. Sales of an earlier pairing stay: they may be asked for again. */
export async function keepPairing(db: TillDb, paired: Paired, clockOffsetMs: number): Promise<Pairing> {
  const { device_id, device_token, letter, booth, edition } = paired
  const pairing: Pairing = { device_id, device_token, letter, booth, edition }
  const tx = db.transaction(['facts', 'heads', 'counters', 'price_list', 'parked'], 'readwrite', {
    durability: 'strict',
  })
  const facts = tx.objectStore('facts')
  const [known, before] = await Promise.all([facts.get('devices'), facts.get('pairing')])
  await Promise.all([
    facts.put(withDevices(known as Devices | undefined, before as Pairing | undefined, pairing), 'devices'),
    facts.put(pairing, 'pairing'),
    facts.put(paired.person, 'person'),
    facts.put(clockOffsetMs, 'clock_offset_ms'),
    facts.delete('cart'),
    facts.delete('stopped'),
    facts.delete('all_sent_at_ms'),
    tx.objectStore('price_list').clear(),
    tx.objectStore('parked').clear(),
    tx.objectStore('heads').put({ device_id, seq: paired.last_seq, hash: paired.last_hash }),
    paired.last_counter === null ? undefined : tx.objectStore('counters').put({ device_id, ...paired.last_counter }),
    tx.done,
  ])
  return pairing
}

/** The device is let go by now. Its sales stay on the tablet, and its secret with them: what still waits is sent with it. */
export async function dropPairing(db: TillDb): Promise<void> {
  const tx = db.transaction(['facts', 'price_list', 'parked'], 'readwrite', { durability: 'strict' })
  const facts = tx.objectStore('facts')
  const [known, before] = await Promise.all([facts.get('devices'), facts.get('pairing')])
  await Promise.all([
    facts.put(withDevices(known as Devices | undefined, before as Pairing | undefined), 'devices'),
    facts.delete('pairing'),
    facts.delete('person'),
    facts.delete('cart'),
    facts.delete('stopped'),
    tx.objectStore('price_list').clear(),
    tx.objectStore('parked').clear(),
    tx.done,
  ])
}
