import { signal } from '@preact/signals'
import { Banner } from '../parts/banner'
import { Overlay } from '../parts/overlay'
import { pairing, person, settings, stage, sync } from '../state/device'
import { waitsForDrawer } from '../state/drawer'
import { notRecorded, tryToRecordAgain } from '../state/sale'
import { type Screen, screen } from '../state/screen'
import { isMoneyScreen, moneySheet } from './money'
import { More } from './more'
import { Notice } from './notice'
import { OpenTill } from './open_till'
import { PairScreen, SignInScreen, StoppedScreen } from './pair'
import { NotRecordedStop, Pay } from './pay'
import { ReceiptScreen } from './receipt'
import { Sales } from './sales'
import { Sell } from './sell'
import { sellingSheet } from './selling'

/** Fetched once the till stands there, so that the first sale need not wait for it; the service worker keeps it from the start. */
const countScreens = signal<typeof import('./count') | null>(null)
export const fetchCountScreens = async (): Promise<void> => {
  countScreens.value ??= await import('./count')
}

export function App() {
  if (stage.value !== 'ready') return <Notice />
  if (pairing.value === null) return <PairScreen />
  const failed = notRecorded.value
  if (failed !== null) return <NotRecordedStop totalDong={failed.totalDong} onTry={() => void tryToRecordAgain()} />
  const over = overlayFor(screen.value)
  return (
    <>
      <div class={`frame ${settings.value.hand}-hand`} inert={over !== null} data-screen={screen.value.name}>
        <Banner />
        <Beneath />
      </div>
      {over !== null && (
        <Overlay key={screen.value.name} name={screen.value.name}>
          {over}
        </Overlay>
      )}
    </>
  )
}

function Beneath() {
  if (sync.value.stopped !== null) return <StoppedScreen />
  if (person.value === null) return <SignInScreen />
  return waitsForDrawer.value ? <OpenTill /> : <Sell />
}

function overlayFor(at: Screen) {
  const selling = sync.value.stopped === null && person.value !== null
  switch (at.name) {
    case 'sales':
      return <Sales />
    case 'receipt':
      return <ReceiptScreen saleId={at.saleId} justMade={at.justMade ?? false} />
    case 'more':
      return <More />
    case 'pay':
      return selling && !waitsForDrawer.value ? <Pay /> : null
    case 'sell':
    case 'cart':
      return null
    case 'count':
    case 'count_line':
    case 'count_check':
    case 'count_recorded':
      return selling ? (countScreens.value?.countSheet(at) ?? null) : null
    default:
      if (!selling) return null
      return isMoneyScreen(at) ? moneySheet(at) : sellingSheet(at)
  }
}
