// A tablet that was paired again may still hold sales of the device it was before. They go out under that device's own secret,
// after our own, and a server that does not know it any more is asked again only now and then.
import type { Clock, FormerDevices } from './ports'
import { PING_TIMEOUT_MS } from './pauses'
import { Batching, sendOldest } from './send'

const REFUSED_PAUSE_MS = 5 * 60_000

export class FormerSender {
  private readonly batching = new Map<string, Batching>()
  private readonly notBeforeMs = new Map<string, number>()

  constructor(
    private readonly devices: FormerDevices,
    private readonly clock: Clock,
    private readonly appVersion: string,
  ) {}

  /** One upload for each former device; returns whether more could go at once. */
  async sendOnce(): Promise<boolean> {
    let more = false
    for (const { deviceId, server, ledger } of await this.devices.withParcels()) {
      if (this.clock.now() < (this.notBeforeMs.get(deviceId) ?? -Infinity)) continue
      const batching = this.batching.get(deviceId) ?? new Batching()
      this.batching.set(deviceId, batching)
      const sent = await sendOldest(server, ledger, batching, this.clock.now, this.appVersion, PING_TIMEOUT_MS)
      if (sent.kind === 'settled' || sent.kind === 'try_less') more = true
      else this.notBeforeMs.set(deviceId, this.clock.now() + REFUSED_PAUSE_MS)
    }
    return more
  }
}
