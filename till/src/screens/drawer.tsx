// The drawer's own page: cash in and out, closing, the slips of earlier closings.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Amount, lengthClass } from '../parts/amount'
import { Icon } from '../parts/icon'
import { Numpad } from '../parts/numpad'
import { PinPad } from '../parts/pin_pad'
import { Chips, ReasonField, Sheet } from '../parts/sheet'
import { soundRecorded, soundRefused } from '../parts/sound'
import { localClock, writtenDay } from '../rules/fair_day'
import { newId } from '../rules/ids'
import { formatDong } from '../rules/price'
import type { Slip } from '../rules/z_slip'
import { offerUndo } from '../state/cart'
import { words } from '../state/device'
import { closings, drawerOpen, moveCash, slipOfClosing } from '../state/drawer'
import { takeOver } from '../state/pin'
import { goBack, screen, show } from '../state/screen'
import type { TillClosedCommand } from '../wire.gen'

const MAX_MOVE_DONG = 10 ** 9

export function DrawerScreen() {
  const say = words.value
  return (
    <Sheet title={say.drawer}>
      <div class="deeds">
        <button
          type="button"
          class="outlined"
          data-testid="cash-in"
          disabled={!drawerOpen.value}
          onClick={() => show({ name: 'move_cash', direction: 'in' })}
        >
          <Icon name="plus" />
          {say.cashIn}
        </button>
        <button
          type="button"
          class="outlined"
          data-testid="cash-out"
          disabled={!drawerOpen.value}
          onClick={() => show({ name: 'move_cash', direction: 'out' })}
        >
          <Icon name="minus" />
          {say.cashOut}
        </button>
        <button
          type="button"
          class="outlined"
          data-testid="switch-person"
          onClick={() => show({ name: 'switch_person', back: screen.value })}
        >
          <Icon name="person" />
          {say.switchPerson}
        </button>
        <button type="button" class="outlined" data-testid="z-slips" onClick={() => show({ name: 'z_slips' })}>
          <Icon name="list" />
          {say.zSlips}
        </button>
        <button
          type="button"
          class="primary"
          data-testid="close-till"
          disabled={!drawerOpen.value}
          onClick={() => show({ name: 'close_till' })}
        >
          <Icon name="drawer" />
          {say.closeTill}
        </button>
      </div>
    </Sheet>
  )
}

export function MoveCash({ direction }: { direction: 'in' | 'out' }) {
  const say = words.value
  const [dong, setDong] = useState(0)
  const [reason, setReason] = useState<string | null>(null)
  const [more, setMore] = useState('')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const id = useMemo(() => newId(Date.now()), [])
  const reasons = direction === 'in' ? say.inReasons : say.outReasons
  const record = async (): Promise<void> => {
    if (busy || reason === null || dong === 0) return
    setBusy(true)
    try {
      await moveCash(id, direction, dong, more.trim() === '' ? reason : `${reason}: ${more.trim()}`)
      soundRecorded()
      show({ name: 'sell' })
      offerUndo(direction === 'in' ? say.movedIn(formatDong(dong)) : say.movedOut(formatDong(dong)), null)
    } catch {
      soundRefused()
      setFailed(true)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Sheet
      title={direction === 'in' ? say.cashIn : say.cashOut}
      class="two-sides"
      foot={
        <>
          {failed && (
            <p class="refusal" role="alert" data-testid="refusal">
              {say.notRecordedTitle} {say.notRecordedDo}
            </p>
          )}
          <button
            type="button"
            class="primary"
            data-testid="move-done"
            disabled={busy || dong === 0 || reason === null}
            onClick={() => void record()}
          >
            {direction === 'in' ? say.cashIn : say.cashOut}
          </button>
        </>
      }
    >
      <div class="side-why">
        <Chips
          label={say.whatFor}
          testId="move-reason"
          options={reasons.map((one) => [one, one] as const)}
          value={reason}
          onChoose={setReason}
        />
        <ReasonField label={say.moreWords} value={more} onValue={setMore} />
      </div>
      <div class="side-what">
        <h2>{say.howMuch}</h2>
        <output class={`given ${lengthClass(dong)}`} data-testid="move-sum" data-dong={dong}>
          <Amount dong={dong} />
        </output>
        <Numpad value={dong} limit={MAX_MOVE_DONG} onValue={setDong} />
      </div>
    </Sheet>
  )
}

export function SwitchPerson() {
  const say = words.value
  return (
    <Sheet title={say.switchPerson}>
      <PinPad
        allowed={() => true}
        onPerson={(seller) => {
          void takeOver(seller)
          goBack()
        }}
      />
    </Sheet>
  )
}

export function ZSlips() {
  const say = words.value
  const [found, setFound] = useState<TillClosedCommand[] | null>(null)
  useEffect(() => void closings().then(setFound), [])
  return (
    <Sheet title={say.zSlips}>
      {found?.length === 0 && <p class="empty">{say.noClosings}</p>}
      <ul class="rows" role="list">
        {found?.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              class="row"
              data-testid="z-row"
              data-z={one.z_number}
              onClick={() => show({ name: 'z_slip', closingId: one.id })}
            >
              <span class="row-number">Z {one.z_number}</span>
              <span class="row-time">
                {localClock(Date.parse(one.device_at) + one.clock_offset_ms)} {writtenDay(one.fair_day)}
              </span>
              <span class="row-sum">
                <Amount dong={one.counted_dong} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

export function ZSlip({ closingId, justClosed }: { closingId: string; justClosed: boolean }) {
  const say = words.value
  const [slip, setSlip] = useState<Slip | null>(null)
  useEffect(() => {
    void slipOfClosing(closingId).then((text) => setSlip(text === null ? null : (JSON.parse(text) as Slip)))
  }, [closingId])
  return (
    <Sheet
      title={say.zSlips}
      foot={
        <button type="button" class="primary" data-testid="print-slip" disabled={slip === null} onClick={() => print()}>
          <Icon name="print" />
          {say.print}
        </button>
      }
    >
      {justClosed && (
        <p class="done-note" role="status" data-testid="closed">
          <Icon name="check" />
          {say.closedNow}
        </p>
      )}
      {slip !== null && (
        <article class="paper slip" data-testid="z-slip" tabIndex={0} aria-label={slip.title}>
          <h2 class="paper-fair">{slip.title}</h2>
          <dl class="slip-rows">
            {slip.rows.map(({ label, value, kind }, nth) => (
              <div key={nth} class={`slip-${kind}`}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </article>
      )}
    </Sheet>
  )
}
