import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon'
import {
  APP_VERSION,
  changeSettings,
  pairing,
  person,
  priceList,
  settings,
  storagePersisted,
  sync,
  words,
} from '../state/device'
import { countDraft } from '../state/count_draft'
import { countingNow } from '../state/counting'
import { hasDrawer } from '../state/drawer'
import { goBack, screen, show } from '../state/screen'
import { type Outcome, signOut, unpair } from '../state/session'
import { mayUpdateNow, startsOffline, takeUpdate, updateReady } from '../state/updates'
import { savedToFile, saveWaiting } from '../state/waiting_file'

export function More() {
  const say = words.value
  const now = settings.value
  return (
    <main class="page">
      <div class="page-head">
        <button type="button" class="quiet" data-testid="back" onClick={goBack}>
          <Icon name="back" />
          <span>{say.back}</span>
        </button>
        <h1>{say.moreTitle}</h1>
      </div>
      <div class="page-body settings">
        {updateReady.value && (
          <Part title={say.newVersion}>
            <button type="button" class="primary" disabled={!mayUpdateNow.value} onClick={takeUpdate}>
              {mayUpdateNow.value ? say.update : say.updateLater}
            </button>
          </Part>
        )}
        <Part title={`${say.seller}: ${person.value?.name ?? ''}`}>
          <button
            type="button"
            class="outlined"
            data-testid="switch-person"
            onClick={() => show({ name: 'switch_person', back: screen.value })}
          >
            <Icon name="person" />
            {say.switchPerson}
          </button>
          {hasDrawer.value && (
            <button type="button" class="outlined" data-testid="drawer-button" onClick={() => show({ name: 'drawer' })}>
              <Icon name="drawer" />
              {say.drawer}
            </button>
          )}
        </Part>
        <Part title={say.countGoods} hint={say.countGoodsMore}>
          <button type="button" class="outlined" data-testid="count-button" onClick={() => show({ name: 'count' })}>
            <Icon name="list" />
            {countingNow.value ? say.countOn(countDraft.value?.entries.length ?? 0) : say.countGoods}
          </button>
        </Part>
        <Part title={say.appearance} hint={now.theme === 'sun' ? say.sunHint : undefined}>
          <Choice name={say.themeLight} on={now.theme === 'light'} choose={() => changeSettings({ theme: 'light' })} />
          <Choice name={say.themeSun} on={now.theme === 'sun'} choose={() => changeSettings({ theme: 'sun' })} />
        </Part>
        <Part title={say.hand}>
          <Choice name={say.handRight} on={now.hand === 'right'} choose={() => changeSettings({ hand: 'right' })} />
          <Choice name={say.handLeft} on={now.hand === 'left'} choose={() => changeSettings({ hand: 'left' })} />
        </Part>
        <Part title={say.sound}>
          <Choice name={say.on} on={now.sound} choose={() => changeSettings({ sound: true })} />
          <Choice name={say.off} on={!now.sound} choose={() => changeSettings({ sound: false })} />
        </Part>
        <Part title={say.language}>
          <Choice name="Tiếng Việt" on={now.language === 'vi'} choose={() => changeSettings({ language: 'vi' })} />
          <Choice name="English" on={now.language === 'en'} choose={() => changeSettings({ language: 'en' })} />
        </Part>
        <Leaving />
        <ThisTablet />
      </div>
    </main>
  )
}

function Part({ title, hint, children }: { title: string; hint?: string | undefined; children: ComponentChildren }) {
  return (
    <section class="part">
      <h2>{title}</h2>
      <div class="part-body">{children}</div>
      {hint !== undefined && <p class="hint">{hint}</p>}
    </section>
  )
}

const Choice = ({ name, on, choose }: { name: string; on: boolean; choose: () => void }) => (
  <button type="button" class="choice" aria-pressed={on} onClick={choose}>
    {on && <Icon name="check" />}
    {name}
  </button>
)

type Ask = 'nothing' | 'sign_out' | 'unpair'

/** Asked twice, since it needs the network to undo; and not done at all while a sale waits. */
function Leaving() {
  const say = words.value
  const [ask, setAsk] = useState<Ask>('nothing')
  const [refused, setRefused] = useState<Outcome>(null)
  const [busy, setBusy] = useState(false)
  const begin = (what: Ask): void => {
    const waiting = sync.value.waiting.count
    setRefused(waiting > 0 ? say.waitFirst(waiting) : null)
    setAsk(waiting > 0 ? 'nothing' : what)
  }
  const go = async (): Promise<void> => {
    setBusy(true)
    const outcome = await (ask === 'unpair' ? unpair() : signOut())
    setBusy(false)
    setAsk('nothing')
    setRefused(outcome)
  }
  return (
    <section class="part">
      <h2>{say.leaving}</h2>
      {ask === 'nothing' ? (
        <div class="part-body">
          <button type="button" class="outlined" data-testid="sign-out" onClick={() => begin('sign_out')}>
            {say.signOut}
          </button>
          <button type="button" class="outlined taking" data-testid="unpair" onClick={() => begin('unpair')}>
            {say.unpair}
          </button>
        </div>
      ) : (
        <div class="ask" role="alertdialog" aria-label={ask === 'unpair' ? say.unpairAsk : say.signOutAsk}>
          <p>{ask === 'unpair' ? say.unpairAsk : say.signOutAsk}</p>
          <div class="part-body">
            <button type="button" class="outlined" disabled={busy} onClick={() => setAsk('nothing')}>
              {say.keep}
            </button>
            <button
              type="button"
              class="brick"
              data-testid={ask === 'unpair' ? 'unpair-yes' : 'sign-out-yes'}
              disabled={busy}
              onClick={() => void go()}
            >
              {busy ? say.working : ask === 'unpair' ? say.yesUnpair : say.yesSignOut}
            </button>
          </div>
        </div>
      )}
      {refused !== null && (
        <p class="refusal" role="alert" data-testid="refusal">
          {refused}
        </p>
      )}
    </section>
  )
}

function ThisTablet() {
  const say = words.value
  const device = pairing.value
  const list = priceList.value
  return (
    <section class="part">
      <h2>{say.thisTablet}</h2>
      <ul class="plain" role="list">
        <li>{(list?.edition ?? device?.edition)?.name}</li>
        <li>
          {say.booth} {(list?.booth ?? device?.booth)?.code}: {(list?.booth ?? device?.booth)?.name}
        </li>
        <li>
          {say.letter}: {device?.letter} · {say.version} {APP_VERSION}
          {list !== null && ` · ${say.priceListVersion(list.version)}`}
        </li>
        <li>{storagePersisted.value ? say.storageSafe : say.storageUnsafe}</li>
        {startsOffline.value !== null && (
          <li data-testid="starts-offline" data-value={startsOffline.value}>
            {startsOffline.value ? say.startsOffline : `${say.noOfflineStart} ${say.noOfflineStartDo}`}
          </li>
        )}
      </ul>
      {(sync.value.waiting.count > 0 || savedToFile.value !== null) && (
        <>
          <div class="part-body">
            <button type="button" class="outlined" data-testid="save-waiting" onClick={() => void saveWaiting()}>
              {say.saveWaiting}
            </button>
          </div>
          <p class="hint" role="status">
            {savedToFile.value === null ? say.saveWaitingHint : say.savedToFile(savedToFile.value)}
          </p>
        </>
      )}
    </section>
  )
}
