// Every command goes to the disk through here: who, where and when are the same for all of them.
import { recordCommand } from '../ledger/sales'
import type { StoredSale } from '../ledger/schema'
import type { AnyCommand } from '../rules/command'
import { type ChainPlace, momentsFairDay, type SaleMoment, type Seller } from '../rules/sale'
import type { PriceList } from '../wire.gen'
import { noticeClockJump } from './clock_jump'
import { APP_VERSION, ledger, pairing, person, priceList, sync } from './device'
import { goodsLeft } from './lots'
import { nudgeSync, recountSync } from './syncing'

export interface Scene {
  deviceId: string
  list: PriceList
  by: Seller
  moment: SaleMoment
}

/** null when this tablet may not write anything now: not paired, nobody signed in, no price list. */
export function sceneNow(): Scene | null {
  noticeClockJump()
  const device = pairing.value
  const seller = person.value
  const list = priceList.value
  if (device === null || seller === null || list === null) return null
  return {
    deviceId: device.device_id,
    list,
    by: { letter: device.letter, boothId: list.booth.id, personId: seller.id, appVersion: APP_VERSION },
    moment: {
      deviceAtMs: Date.now(),
      clockOffsetMs: sync.value.clockOffsetMs,
      dayBoundaryMinutes: list.edition.day_boundary_minutes,
    },
  }
}

export interface Writing {
  id: string
  numbered: boolean
  emptiesCart: boolean
  endsCount?: boolean
  compose: (place: ChainPlace) => AnyCommand | Promise<AnyCommand>
}

export async function write(
  scene: Scene,
  { id, numbered, emptiesCart, endsCount, compose }: Writing,
): Promise<StoredSale> {
  const stored = await recordCommand(ledger(), {
    id,
    deviceId: scene.deviceId,
    fairDay: momentsFairDay(scene.moment),
    nowMs: scene.moment.deviceAtMs,
    numbered,
    emptiesCart,
    endsCount: endsCount ?? false,
    compose,
  })
  goodsLeft(stored)
  void recountSync()
  nudgeSync()
  return stored
}
