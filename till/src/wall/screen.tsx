// Everything on the wall. Numbers are large enough for eight metres; words beside them may be smaller.
import type { ComponentChildren } from 'preact'
import { formatNumber as n } from '../rules/price'
import { mainDong, shortDong } from './amounts'
import { clockOf, markOfNow, type TopRow, type WallBoard } from './board'
import { Chart } from './chart'
import { ageMs, freshness, type Stop, type Watched } from './watch'
import type { WallWords } from './words'

/** As high as there is room for: a picture that is too high would be made smaller as a whole, and its numbers with it. */
const CHART = { width: 1120, height: 400 }
const CHART_BELOW_LONG_NAME = { width: 1120, height: 380 }
const LETTERS_A_LINE = 68

export interface WallProps {
  state: Watched
  steadyNowMs: number
  words: WallWords
}

export function Wall({ state, steadyNowMs, words }: WallProps) {
  if (state.stop !== null) return <Stopped stop={state.stop} words={words} />
  const { board } = state
  if (board === null) return <Notice text={state.link === 'opening' ? words.opening : words.openingDown} />
  const { number, unit } = mainDong(board.net_dong, words)
  const mark = markOfNow(board)
  const isLong = board.edition.length > LETTERS_A_LINE
  return (
    <div class={isLong ? 'wall below-long-name' : 'wall'}>
      <header>
        <h1>
          <span data-name>{board.edition}</span>
          {board.sample && <strong class="sample">{words.sample}</strong>}
        </h1>
        <Badge board={board} words={words} />
        <Age state={state} board={board} steadyNowMs={steadyNowMs} words={words} />
      </header>
      <main>
        {board.phase === 'running' && mark !== null && (
          <p class="mark" data-name>
            {mark.title}
          </p>
        )}
        <dl>
          <Figure name="net" word={words.revenue} class="main">
            {number}
            <span class="unit">{unit}</span>
          </Figure>
          <Figure name="receipts" word={words.receipts}>
            {n(board.receipts)}
          </Figure>
          <Figure name="visitors" word={words.visitors} note={words.crowd[board.crowd.level]} level={board.crowd.level}>
            {board.visitors === null ? <span class="unit">{words.notCounted}</span> : n(board.visitors)}
          </Figure>
          <Figure name="selling" word={words.selling}>
            {n(board.booths_selling)}
            <span class="unit">{words.ofBooths}</span>
            {n(board.booths)}
          </Figure>
        </dl>
        <section class="hours" aria-label={words.hours}>
          <p class="head">
            <span>{words.hours}</span>
            <span class="key-today">{words.today}</span>
            {board.compared !== null && <span class="key-before">{words.before}</span>}
          </p>
          <Chart board={board} size={isLong ? CHART_BELOW_LONG_NAME : CHART} words={words} />
          <HourTable board={board} words={words} />
        </section>
        <Top board={board} words={words} />
      </main>
    </div>
  )
}

interface FigureProps {
  name: string
  word: string
  note?: string
  level?: string
  class?: string
  children: ComponentChildren
}

function Figure({ name, word, note, level, class: kind, children }: FigureProps) {
  return (
    <div class={`figure ${kind ?? ''}`} data-level={level}>
      <dt>
        {word}
        {note ? <strong class="chip">{note}</strong> : null}
      </dt>
      <dd class="digits" data-number={name}>
        {children}
      </dd>
    </div>
  )
}

/** How complete the figures are: it stands beside every figure of the product, here too. */
function Badge({ board: { badge }, words }: { board: WallBoard; words: WallWords }) {
  if (badge.total === 0) return <p class="badge">{words.noTills}</p>
  return (
    <p class="badge" data-final={badge.is_final}>
      <span class="digits">
        {n(badge.complete)}/{n(badge.total)}
      </span>{' '}
      {words.sent}
      {badge.until !== null && (
        <>
          , {words.sentUntil} <span class="digits">{clockOf(Date.parse(badge.until))}</span>
        </>
      )}
    </p>
  )
}

function Age({ state, board, steadyNowMs, words }: Omit<WallProps, 'state'> & { state: Watched; board: WallBoard }) {
  const how = freshness(state, steadyNowMs)
  const seconds = Math.floor(ageMs(state, steadyNowMs) / 1_000)
  return (
    <p class="age" data-fresh={how} data-seconds={seconds} data-answers={state.answers}>
      <span class="dot" aria-hidden="true" />
      {how === 'fresh' ? (
        <>
          {words.updated} <span class="digits">{seconds}</span> {words.secondsAgo}
        </>
      ) : (
        <span role="status">
          {words[how]} <span class="digits">{clockOf(Date.parse(board.read_at))}</span>
        </span>
      )}
    </p>
  )
}

function Top({ board, words }: { board: WallBoard; words: WallWords }) {
  const value = (row: TopRow): string => (row.net_dong === null ? n(row.pieces ?? 0) : shortDong(row.net_dong, words))
  const [number, unit] = [(text: string) => text.split(' ')[0], (text: string) => text.split(' ')[1]]
  return (
    <section class="top">
      <h2 class="head">{board.top_kind === 'booths' ? words.topBooths : words.topProducts}</h2>
      {board.phase !== 'running' && (
        <p class="empty">{board.phase === 'before' ? words.closedBefore : words.closedAfter}</p>
      )}
      {board.phase === 'running' && board.top.length === 0 && <p class="empty">{words.nothingYet}</p>}
      <ol>
        {board.top.map((row, at) => (
          <li key={at}>
            <span class="name" data-name>
              {row.name}
            </span>
            <span class="digits">
              {number(value(row))}
              {unit(value(row)) !== undefined && <span class="unit">{unit(value(row))}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The chart for whoever cannot see it. */
function HourTable({ board, words }: { board: WallBoard; words: WallWords }) {
  return (
    <div class="unseen">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.hour}</th>
            <th scope="col">{words.today}</th>
            {board.compared !== null && <th scope="col">{board.compared.edition}</th>}
          </tr>
        </thead>
        <tbody>
          {board.hours.map((one) => (
            <tr key={one.hour}>
              <th scope="row">{one.hour}</th>
              <td>{n(one.net_dong)}</td>
              {board.compared !== null && <td>{n(one.before_dong ?? 0)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Stopped({ stop, words }: { stop: Stop; words: WallWords }) {
  const [text, todo] = {
    no_address: [words.noAddress, words.noAddressDo],
    unknown: [words.unknown, words.unknownDo],
    revoked: [words.revoked, words.revokedDo],
    outdated: [words.outdated, words.outdatedDo],
  }[stop] as [string, string]
  return <Notice text={text} todo={todo} stop={stop} />
}

function Notice({ text, todo, stop }: { text: string; todo?: string; stop?: Stop }) {
  return (
    <main class="notice" data-stop={stop}>
      <div role="status">
        <h1>{text}</h1>
        {todo !== undefined && <p>{todo}</p>}
      </div>
    </main>
  )
}
