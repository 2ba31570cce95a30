import { Banner } from '../parts/banner'
import { pairing, person, settings, stage, sync } from '../state/device'
import { notRecorded, tryToRecordAgain } from '../state/sale'
import { screen } from '../state/screen'
import { CartScreen, QuantityScreen } from './cart'
import { More } from './more'
import { Notice } from './notice'
import { PairScreen, SignInScreen, StoppedScreen } from './pair'
import { NotRecordedStop, Pay } from './pay'
import { ReceiptScreen } from './receipt'
import { Sales } from './sales'
import { Sell } from './sell'

export function App() {
  if (stage.value !== 'ready') return <Notice />
  if (pairing.value === null) return <PairScreen />
  const failed = notRecorded.value
  if (failed !== null) return <NotRecordedStop totalDong={failed.totalDong} onTry={() => void tryToRecordAgain()} />
  const at = screen.value
  if (at.name === 'sales') return <Sales />
  if (at.name === 'receipt') return <ReceiptScreen saleId={at.saleId} />
  if (at.name === 'more') return <More />
  if (sync.value.stopped === null && person.value !== null && at.name === 'pay') return <Pay />
  if (at.name === 'quantity') return <QuantityScreen productId={at.productId} />
  return (
    <div class={`frame ${settings.value.hand}-hand`}>
      <Banner />
      {sync.value.stopped !== null ? (
        <StoppedScreen />
      ) : person.value === null ? (
        <SignInScreen />
      ) : at.name === 'cart' ? (
        <CartScreen />
      ) : (
        <Sell />
      )}
    </div>
  )
}
