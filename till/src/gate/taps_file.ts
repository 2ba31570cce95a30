// «Lưu lượt ra tệp»: taps for a server that does not know this phone, as they would be sent.
// `flask --app fair_pos import-taps` reads it.
import type { GateTap, GateUndo } from '../wire.gen'
import { entriesOf, type GateDb, keepGateFact, oldestUnsent, onTheWire, readGateFact, settleSaved } from './ledger'

export interface TapsFile {
  gate_phones: { device_id: string; entries: (GateTap | GateUndo)[] }[]
}

/** All that waits, of whichever pairing; of a phone that the server has forgotten everything it still has. */
export async function tapsFile(db: GateDb, forgotten: string | null): Promise<TapsFile> {
  const gate_phones = []
  for (const device_id of Object.keys((await readGateFact(db, 'tokens')) ?? {})) {
    const entries =
      device_id === forgotten ? await entriesOf(db, device_id) : await oldestUnsent(db, device_id, Infinity)
    if (entries.length > 0) gate_phones.push({ device_id, entries: entries.map(onTheWire) })
  }
  return { gate_phones }
}

export const entriesIn = ({ gate_phones }: TapsFile): number =>
  gate_phones.reduce((sum, one) => sum + one.entries.length, 0)

/** Remembers up to which number a forgotten phone's taps are in a file. */
export async function markTapsSaved(db: GateDb, { gate_phones }: TapsFile, forgotten: string): Promise<void> {
  const seq = gate_phones.find((one) => one.device_id === forgotten)?.entries.at(-1)?.seq
  if (seq !== undefined) await keepGateFact(db, 'saved', { device_id: forgotten, seq })
}

/** A forgotten phone is given up: what a file holds waits no longer, since no server will ever take it under this secret. */
export async function letGoOfSaved(db: GateDb, forgotten: string): Promise<number> {
  const saved = await readGateFact(db, 'saved')
  return saved?.device_id === forgotten ? settleSaved(db, forgotten, saved.seq) : 0
}
