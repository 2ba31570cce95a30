// Goods left, cart right, money bottom right; on a phone goods above, money below.
import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Grow } from '../parts/grow'
import { Icon } from '../parts/icon'
import { Tile } from '../parts/tile'
import { UndoBar } from '../parts/undo_bar'
import { fold } from '../rules/fold'
import { search } from '../rules/search'
import { priceList, searchIndex, words } from '../state/device'
import { shownSale } from '../state/sale'
import { query } from '../state/scanning'
import { screen, show } from '../state/screen'
import { CartPanel } from './cart'
import { JustSold } from './receipt'

// More than fits on a tablet; the rest is drawn when it comes near. Sixty at once cost a slow tablet 200 ms per key stroke.
const FIRST_TILES = 24
const MORE_TILES = 36
const ALL = ''

export function Sell() {
  return (
    <main
      class={`sell ${shownSale.value === null ? '' : 'just-sold'} ${screen.value.name === 'cart' ? 'cart-open' : ''}`}
    >
      <h1 class="hidden">{words.value.selling}</h1>
      <Goods />
      <aside class="side" aria-label={shownSale.value === null ? words.value.cart : words.value.receipt}>
        {shownSale.value === null ? <CartPanel /> : <JustSold sale={shownSale.value} />}
      </aside>
      <UndoBar />
    </main>
  )
}

function Goods() {
  const say = words.value
  const group = useSignal(ALL)
  const seeking = useSignal(false)
  const most = useSignal(FIRST_TILES)
  const found = useComputed(() => {
    // A search looks at all groups: who types does not know in which group it is.
    const wanted = fold(query.value)
    const all = search(searchIndex.value, query.value)
    return group.value === ALL || wanted !== '' ? all : all.filter((product) => product.group === group.value)
  })
  const list = priceList.value
  const scroller = useRef<HTMLDivElement>(null)
  const choose = (id: string): void => {
    group.value = id
    query.value = ''
    most.value = FIRST_TILES
    scroller.current?.scrollTo(0, 0)
  }
  const sold = shownSale.value
  useEffect(() => {
    // The next buyer wants something else: what was searched for the last one would hide it.
    if (sold !== null) choose(ALL)
  }, [sold])
  const groups = [{ id: ALL, name: say.allGroups }, ...(list?.groups ?? [])]
  return (
    <section class={seeking.value ? 'goods seeking' : 'goods'} aria-label={say.products}>
      <div class="goods-scroll" ref={scroller}>
        <div class={query.value === '' ? 'tools' : 'tools searching'}>
          <div class="search">
            <Icon name="search" />
            <input
              type="search"
              data-testid="search"
              aria-label={say.search}
              placeholder={say.search}
              autocomplete="off"
              autocorrect="off"
              spellcheck={false}
              enterkeyhint="search"
              value={query.value}
              onFocus={(event) => {
                seeking.value = true
                event.currentTarget.select()
              }}
              onBlur={() => (seeking.value = false)}
              onInput={(event) => {
                query.value = event.currentTarget.value
                most.value = FIRST_TILES
              }}
              onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
            />
            {query.value !== '' && (
              <button type="button" class="clear" aria-label={say.clearSearch} onClick={() => (query.value = '')}>
                <Icon name="close" />
              </button>
            )}
          </div>
          <button
            type="button"
            class="outlined scan-button"
            data-testid="scan"
            aria-label={say.scanWithCamera}
            onClick={() => show({ name: 'scan', back: { name: 'sell' } })}
          >
            <Icon name="scan" />
            <span>{say.scan}</span>
          </button>
          {groups.length > 2 && (
            <>
              <div class="tabs" role="group" aria-label={say.groups}>
                {groups.map(({ id, name }) => (
                  <button
                    key={id}
                    type="button"
                    class="tab"
                    aria-pressed={query.value === '' && group.value === id}
                    onClick={() => choose(id)}
                  >
                    {name}
                  </button>
                ))}
              </div>
              <select
                class="tab-select"
                aria-label={say.groups}
                value={group.value}
                onChange={(event) => choose(event.currentTarget.value)}
              >
                {groups.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            </>
          )}
        </div>
        {list === null ? (
          <p class="empty">{say.noList}</p>
        ) : list.products.length === 0 ? (
          <p class="empty">{say.emptyList}</p>
        ) : found.value.length === 0 ? (
          <p class="empty" role="status">
            {say.noMatch}
          </p>
        ) : (
          <ul class="tiles" role="list">
            {found.value.slice(0, most.value).map((product) => (
              <Tile key={product.id} product={product} />
            ))}
          </ul>
        )}
        {found.value.length > most.value && (
          <Grow key={most.value} onSeen={() => (most.value += MORE_TILES)} label={say.showMore} />
        )}
      </div>
    </section>
  )
}
