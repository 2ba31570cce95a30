// Goods are counted, one after the other; whoever comes to buy is served in between.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Grow } from '../parts/grow'
import { Icon } from '../parts/icon'
import { Sheet } from '../parts/sheet'
import { type CountRow, rowsOf } from '../rules/counting'
import { formatNumber } from '../rules/price'
import { search } from '../rules/search'
import { writtenWeight } from '../rules/weight'
import { countDraft, draftNotKept } from '../state/count_draft'
import { counted, countRows, countSearch, putCount } from '../state/counting'
import { searchIndex, words } from '../state/device'
import { type CountScreen, screen, show } from '../state/screen'
import { lotWords } from './cart'
import { CountCheck, CountRecorded } from './count_check'
import { CountLineScreen } from './count_line'

const FIRST_ROWS = 24
const MORE_ROWS = 36

export function countSheet(at: CountScreen) {
  switch (at.name) {
    case 'count':
      return <CountList />
    case 'count_line':
      return <CountLineScreen key={at.key} line={at.key} back={at.back} />
    case 'count_check':
      return <CountCheck />
    case 'count_recorded':
      return <CountRecorded lines={at.lines} />
  }
}

export const writtenCount = (row: CountRow, quantity: number): string =>
  row.weighed ? writtenWeight(quantity) : formatNumber(quantity)

/** "Mật ong, Lô L01 · Hạn 30/11/2026" */
export const rowWords = (row: CountRow): string => (row.lot === null ? row.name : `${row.name}, ${lotWords(row.lot)}`)

/** Coming back from the pad, the goods counted last are where they were. */
let lastKey: string | null = null
export const countedLast = (key: string): unknown => (lastKey = key)

function CountList() {
  const say = words.value
  const query = countSearch.value
  const rows =
    query === ''
      ? countRows.value
      : search(searchIndex.value, query).flatMap((product) => rowsOf(product, countDraft.value))
  const at = rows.findIndex((row) => row.key === lastKey)
  const [most, setMost] = useState(Math.max(FIRST_ROWS, at + 8))
  const [full, setFull] = useState(false)
  const place = useRef<HTMLUListElement>(null)
  useLayoutEffect(() => place.current?.querySelector('.counted-last')?.scrollIntoView({ block: 'center' }), [])
  const { counted: done, missing } = counted.value
  return (
    <Sheet
      title={say.countGoods}
      class="count-sheet"
      foot={
        <>
          {(full || draftNotKept.value) && (
            <p class="refusal" role="alert" data-testid="refusal">
              {draftNotKept.value ? say.countNotKept : say.countFull}
            </p>
          )}
          <p class="count-sofar" role="status" data-testid="counted-of" data-counted={done.length}>
            {say.countedOf(done.length, done.filter((row) => !row.rest).length + missing.length)}
          </p>
          <button
            type="button"
            class="primary"
            data-testid="count-check"
            disabled={done.length === 0}
            onClick={() => show({ name: 'count_check', back: { name: 'count' } })}
          >
            {say.countCheck}
          </button>
        </>
      }
    >
      <div class="search count-search">
        <Icon name="search" />
        <input
          type="search"
          data-testid="count-search"
          aria-label={say.search}
          placeholder={say.search}
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={(event) => (countSearch.value = event.currentTarget.value)}
        />
        {query !== '' && (
          <button type="button" class="clear" aria-label={say.clearSearch} onClick={() => (countSearch.value = '')}>
            <Icon name="close" />
          </button>
        )}
      </div>
      {rows.length === 0 ? (
        <p class="empty" role="status">
          {query === '' ? say.emptyList : say.noMatch}
        </p>
      ) : (
        <ul class="count-rows" role="list" ref={place}>
          {rows.slice(0, most).map((row) => (
            <Row key={row.key} row={row} onFull={() => setFull(true)} />
          ))}
        </ul>
      )}
      {rows.length > most && <Grow key={most} onSeen={() => setMost(most + MORE_ROWS)} label={say.showMore} />}
    </Sheet>
  )
}

function Row({ row, onFull }: { row: CountRow; onFull: () => void }) {
  const say = words.value
  const quantity = row.entry?.quantity ?? null
  const what = rowWords(row)
  const put = (next: number): unknown => putCount(row, next) || onFull()
  return (
    <li
      class={row.key === lastKey ? 'count-row counted-last' : 'count-row'}
      data-testid="count-row"
      data-key={row.key}
      data-product-id={row.product_id}
      data-quantity={quantity ?? undefined}
    >
      <p class="count-what">
        <b>{row.name}</b>
        <span>
          {row.rest ? say.countRest : row.lot === null ? (row.weighed ? say.perKilo : row.unit) : lotWords(row.lot)}
        </span>
      </p>
      <span class="line-controls">
        {!row.weighed && (
          <button
            type="button"
            class="step"
            data-testid="count-less"
            aria-label={say.less(what)}
            disabled={quantity === null || quantity === 0}
            onClick={() => put(quantity! - 1)}
          >
            <Icon name="minus" />
          </button>
        )}
        <button
          type="button"
          class={`count ${row.weighed ? 'weighed' : ''} ${quantity === null ? 'not-yet' : 'counted'}`}
          data-testid="count-open"
          aria-label={quantity === null ? say.countNow(what) : say.countOf(what, writtenCount(row, quantity))}
          onClick={() => show({ name: 'count_line', key: row.key, back: screen.value })}
        >
          {quantity === null ? say.countIt : writtenCount(row, quantity)}
        </button>
        {!row.weighed && (
          <button
            type="button"
            class="step"
            data-testid="count-more"
            aria-label={say.more(what)}
            onClick={() => put((quantity ?? 0) + 1)}
          >
            <Icon name="plus" />
          </button>
        )}
      </span>
    </li>
  )
}
