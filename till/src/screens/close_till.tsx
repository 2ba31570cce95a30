// Closing: what was counted against what the books expect, a difference explained, above the limit a second person.
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Amount } from '../parts/amount'
import { Numpad } from '../parts/numpad'
import { PinPad } from '../parts/pin_pad'
import { Chips, ReasonField, Sheet } from '../parts/sheet'
import { soundRecorded, soundRefused } from '../parts/sound'
import { NoteSteppers } from '../parts/stepper'
import {
  countedOf,
  differenceOf,
  expectedCard,
  expectedCash,
  isDifferent,
  needsSecondPerson,
  type Session,
  unconfirmedOf,
} from '../rules/drawer'
import { newId } from '../rules/ids'
import { formatDong, MAX_AMOUNT_DONG } from '../rules/price'
import { saidDifference } from '../rules/z_slip'
import { cartIsEmpty } from '../state/cart'
import { person, priceList, words } from '../state/device'
import { closeDrawer, readSession } from '../state/drawer'
import { parked } from '../state/parked'
import { show } from '../state/screen'
import { toldByServer } from '../state/transfers'
import type { NoteCount } from '../wire.gen'

export function CloseTill() {
  const say = words.value
  const [session, setSession] = useState<Session | null>(null)
  const [notes, setNotes] = useState<NoteCount[]>([])
  const [card, setCard] = useState<number | null>(null)
  const [reason, setReason] = useState<string | null>(null)
  const [more, setMore] = useState('')
  const [step, setStep] = useState<'count' | 'compare' | 'second'>('count')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const id = useMemo(() => newId(Date.now()), [])
  useEffect(() => void readSession().then(setSession), [])
  if (session === null) return <Sheet title={say.closeTill}>{null}</Sheet>

  const counted = countedOf(notes)
  // Without a word of the terminal the books' own figure stands: most booths have no terminal at all.
  const countedCard = card ?? expectedCard(session)
  const difference = differenceOf(session, counted, countedCard)
  const differs = isDifferent(difference)
  const explained = !differs || reason !== null
  const close = async (secondPersonId: string | null): Promise<void> => {
    if (busy || !explained) return
    setBusy(true)
    setFailed(false)
    const explanation = !differs ? '' : more.trim() === '' ? (reason ?? '') : `${reason}: ${more.trim()}`
    try {
      const stored = await closeDrawer(
        id,
        { notes, cardDong: countedCard, explanation, secondPersonId },
        parked.value.length,
      )
      if (stored === null) throw new Error('nobody is signed in')
      soundRecorded()
      show({ name: 'z_slip', closingId: id, justClosed: true })
    } catch {
      soundRefused()
      setFailed(true)
      setStep('compare')
    } finally {
      setBusy(false)
    }
  }

  if (step === 'second')
    return (
      <Sheet title={say.secondPerson}>
        <p class="second-why">{say.secondAsk}</p>
        <PinPad
          allowed={(seller) => seller.may_sign_second && seller.id !== person.value?.id}
          onPerson={(seller) => void close(seller.id)}
        />
      </Sheet>
    )
  if (step === 'count')
    return (
      <Sheet
        title={say.closeTill}
        foot={
          <div class="count-foot">
            <p class="float-row">
              <span>{say.countedIs}</span>
              <strong class="total" data-testid="counted" data-dong={counted}>
                <Amount dong={counted} />
              </strong>
            </p>
            <button type="button" class="primary" data-testid="count-done" onClick={() => setStep('compare')}>
              {say.done}
            </button>
          </div>
        }
      >
        <p>{say.closeTillDo}</p>
        <NoteSteppers notes={notes} onNotes={setNotes} />
      </Sheet>
    )
  return (
    <Compare
      session={session}
      counted={counted}
      cardDong={countedCard}
      cardTyped={card !== null}
      onCard={setCard}
      foot={
        <>
          {failed && (
            <p class="refusal" role="alert" data-testid="refusal">
              {say.notRecordedTitle} {say.notRecordedDo}
            </p>
          )}
          <div class="sheet-buttons">
            <button type="button" class="outlined" data-testid="count-again" onClick={() => setStep('count')}>
              {say.countNotes}
            </button>
            <button
              type="button"
              class="primary"
              data-testid="close-done"
              disabled={busy || !explained}
              onClick={() =>
                needsSecondPerson(difference, priceList.value?.rules?.close_limit_dong ?? 0)
                  ? setStep('second')
                  : void close(null)
              }
            >
              {busy ? say.recording : say.closeNow}
            </button>
          </div>
        </>
      }
      explain={
        differs ? (
          <>
            <Chips
              label={say.explain}
              testId="explain"
              options={say.explainReasons.map((one) => [one, one] as const)}
              value={reason}
              onChoose={setReason}
            />
            <ReasonField label={say.moreWords} value={more} onValue={setMore} />
            {reason === null && <p class="hint">{say.mustExplain}</p>}
          </>
        ) : null
      }
    />
  )
}

interface CompareProps {
  session: Session
  counted: number
  cardDong: number
  cardTyped: boolean
  onCard: (dong: number | null) => void
  foot: ComponentChildren
  explain: ComponentChildren
}

function Compare({ session, counted, cardDong, cardTyped, onCard, foot, explain }: CompareProps) {
  const say = words.value
  const [typing, setTyping] = useState(false)
  const difference = differenceOf(session, counted, cardDong)
  const hasCard = session.sold.cardDong > 0 || session.givenBack.cardDong > 0 || cardTyped
  const confirmed = new Set(
    toldByServer.value
      .filter((one) => one.state === 'confirmed' || one.state === 'overpaid')
      .map((one) => `${one.sale_id}/${one.payment_no}`),
  )
  const open = unconfirmedOf(session, confirmed)
  const openSum = open.reduce((sum, one) => sum + one.amountDong, 0)
  const rows = [
    { name: say.cash, expected: expectedCash(session), counted, difference: difference.cashDong, testId: 'cash' },
    ...(hasCard
      ? [
          {
            name: say.card,
            expected: expectedCard(session),
            counted: cardDong,
            difference: difference.cardDong,
            testId: 'card',
          },
        ]
      : []),
  ]
  return (
    <Sheet title={say.closeTill} class="two-sides" foot={foot}>
      <div class="side-what">
        {rows.map((row) => (
          <section
            key={row.testId}
            class={row.difference === 0 ? 'compare' : 'compare differs'}
            data-testid={`compare-${row.testId}`}
            data-expected={row.expected}
            data-counted={row.counted}
            data-difference={row.difference}
          >
            <h2>{row.name}</h2>
            <dl>
              <dt>{say.expectedIs}</dt>
              <dd>{formatDong(row.expected)}</dd>
              <dt>{say.countedIs}</dt>
              <dd>{formatDong(row.counted)}</dd>
              <dt>{say.differenceIs}</dt>
              <dd>
                <b>{saidDifference(row.difference, say)}</b>
              </dd>
            </dl>
          </section>
        ))}
        {hasCard && (
          <button type="button" class="outlined grow" data-testid="type-card" onClick={() => setTyping(!typing)}>
            {say.cardTotalAsk}
          </button>
        )}
        {typing && <Numpad value={cardTyped ? cardDong : 0} limit={MAX_AMOUNT_DONG} onValue={onCard} />}
      </div>
      <div class="side-why">
        {explain}
        <ul class="plain" role="list">
          {open.length > 0 && (
            <li data-testid="unconfirmed" data-count={open.length}>
              {say.transfersClaimed(open.length, formatDong(openSum))}
            </li>
          )}
          {parked.value.length > 0 && <li data-testid="parked-left">{say.parkedLeft(parked.value.length)}</li>}
          {!cartIsEmpty.value && <li>{say.openCartLeft}</li>}
        </ul>
      </div>
    </Sheet>
  )
}
