// «Lưu đơn chờ ra tệp»: a second copy outside this browser.
import { signal } from '@preact/signals'
import { markSaved, waitingFile } from '../ledger/waiting_file'
import { ledger, pairing, sync } from './device'
import { recountSync } from './syncing'

/** How many sales the file that was saved last holds; null before one was saved. */
export const savedToFile = signal<number | null>(null)

export async function saveWaiting(): Promise<void> {
  const device = pairing.value
  if (device === null) return
  const whole = sync.value.stopped === 'device_unknown'
  const file = await waitingFile(ledger(), device, whole)
  const count = file.devices.reduce((sum, one) => sum + one.parcels.length, 0)
  const url = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `don-cho-gui-${device.letter}-${count}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  await markSaved(ledger(), file, device, whole)
  savedToFile.value = count
  void recountSync()
}
