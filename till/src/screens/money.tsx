// The drawer's screens and those of giving back.
import type { MoneyScreen } from '../state/screen'
import { CloseTill } from './close_till'
import { DrawerScreen, MoveCash, SwitchPerson, ZSlip, ZSlips } from './drawer'
import { FindReceipt } from './find_receipt'
import { RefundScreen } from './refund'

const NAMES: ReadonlySet<string> = new Set([
  'drawer',
  'move_cash',
  'close_till',
  'z_slips',
  'z_slip',
  'switch_person',
  'refund',
  'find_receipt',
] satisfies MoneyScreen['name'][])

export const isMoneyScreen = <T extends { name: string }>(at: T | MoneyScreen): at is MoneyScreen => NAMES.has(at.name)

export function moneySheet(at: MoneyScreen) {
  switch (at.name) {
    case 'drawer':
      return <DrawerScreen />
    case 'move_cash':
      return <MoveCash direction={at.direction} />
    case 'close_till':
      return <CloseTill />
    case 'z_slips':
      return <ZSlips />
    case 'z_slip':
      return <ZSlip closingId={at.closingId} justClosed={at.justClosed ?? false} />
    case 'switch_person':
      return <SwitchPerson />
    case 'refund':
      return <RefundScreen saleId={at.saleId} original={at.original} />
    case 'find_receipt':
      return <FindReceipt back={at.back} />
  }
}
