// The sheets that open while a cart is being filled.
import type { SellingScreen } from '../state/screen'
import { CartMore } from './cart_more'
import { DiscountScreen } from './discount'
import { GiveawayScreen } from './giveaway'
import { LineScreen, QuantityScreen } from './line'
import { LotScreen } from './lot'
import { NoteScreen } from './note'
import { PacksScreen } from './packs'
import { Parked } from './parked'
import { PriceScreen } from './price'
import { ScanScreen } from './scan'
import { SecondScreen } from './second'
import { WeightScreen } from './weight'

export function sellingSheet(at: SellingScreen) {
  switch (at.name) {
    case 'line':
      return <LineScreen line={at.key} back={at.back} />
    case 'quantity':
      return <QuantityScreen line={at.key} />
    case 'weight':
      return <WeightScreen productId={at.productId} line={at.key} lot={at.lot ?? null} back={at.back} />
    case 'lot':
      return <LotScreen productId={at.productId} packId={at.packId} line={at.key} back={at.back} />
    case 'packs':
      return <PacksScreen productId={at.productId} back={at.back} />
    case 'price':
      return <PriceScreen line={at.key} />
    case 'discount':
      return <DiscountScreen line={at.key} back={at.back} />
    case 'note':
      return <NoteScreen line={at.key} />
    case 'cart_more':
      return <CartMore back={at.back} />
    case 'parked':
      return <Parked />
    case 'giveaway':
      return <GiveawayScreen />
    case 'scan':
      return <ScanScreen />
    case 'second':
      return <SecondScreen />
  }
}
