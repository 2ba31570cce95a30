// VietQR made on this tablet: amount and our reference in the code, name and last digits large enough to read aloud.
import { useMemo, useState } from 'preact/hooks'
import { Amount, lengthClass } from '../parts/amount'
import { Icon } from '../parts/icon'
import { Qr } from '../parts/qr'
import { formatDong } from '../rules/price'
import { paidOf, type Part, transferPart } from '../rules/tender'
import { buildVietQr, lastDigits } from '../rules/vietqr'
import { words } from '../state/device'
import { parts, recording } from '../state/sale'
import { accountNow, referenceFor } from '../state/transfers'

const MAX_DIGITS = 8

interface Props {
  dong: number
  onTaken: (part: Part) => void
  onBack: () => void
}

export function PayByTransfer({ dong, onTaken, onBack }: Props) {
  const say = words.value
  const account = accountNow.value
  const [digits, setDigits] = useState('')
  const paid = paidOf(parts.value)
  const reference = useMemo(() => referenceFor(dong, paid), [dong, paid])
  const payload = useMemo(() => {
    if (account === undefined || dong === 0) return null
    const { bank_bin, account_number } = account
    try {
      return buildVietQr({
        bankBin: bank_bin,
        account: account_number,
        toCard: false,
        amountDong: dong,
        billNo: '',
        note: reference,
      })
    } catch {
      return null // an account that no bank app could read: said below, and the sale goes on
    }
  }, [account, dong, reference])
  const busy = recording.value
  const taken = (seen: boolean): void =>
    onTaken(transferPart(dong, payload === null ? '' : reference, account?.id ?? null, seen, digits))
  return (
    <main class="pay-other pay-qr" aria-busy={busy} data-testid="transfer-screen">
      <div class="pay-head">
        <button type="button" class="quiet" data-testid="transfer-back" disabled={busy} onClick={onBack}>
          <Icon name="back" />
          <span>{say.back}</span>
        </button>
        <h1 class="pay-total">
          <span class="pay-total-label">{say.scanToPay}</span>{' '}
          <strong class={`total ${lengthClass(dong)}`} data-testid="transfer-sum" data-dong={dong}>
            <Amount dong={dong} />
          </strong>
        </h1>
      </div>
      <div class="qr-place">
        {payload === null ? (
          <p class="refusal" role="alert" data-testid="refusal">
            {say.noAccount}
          </p>
        ) : (
          <Qr url={payload} label={say.qrToPay(formatDong(dong))} testId="vietqr" />
        )}
      </div>
      <div class="qr-side">
        {account !== undefined && (
          <dl class="qr-account">
            <dt>{say.holder}</dt>
            <dd class="holder">{account.holder}</dd>
            <dt>{say.accountEnds}</dt>
            <dd>
              <b class="digits" data-testid="account-digits">
                {lastDigits(account.account_number)}
              </b>{' '}
              <span>{account.bank_name}</span>
            </dd>
            <dt>{say.transferNote}</dt>
            <dd data-testid="transfer-reference">{reference}</dd>
          </dl>
        )}
        <p class="never-trust">{say.neverTheirPhone}</p>
        <label class="field digits-field">
          <span>{say.lastDigitsAsk}</span>
          <input
            type="text"
            data-testid="last-digits"
            autocomplete="off"
            spellcheck={false}
            maxLength={MAX_DIGITS}
            value={digits}
            onInput={(event) => setDigits(event.currentTarget.value.replace(/[^0-9A-Za-z]/g, ''))}
          />
        </label>
        <div class="qr-buttons">
          <button
            type="button"
            class="money outlined"
            data-testid="transfer-claimed"
            disabled={busy}
            onClick={() => taken(false)}
          >
            {say.notYetArrived}
          </button>
          <button
            type="button"
            class="money primary"
            data-testid="transfer-seen"
            disabled={busy}
            onClick={() => taken(true)}
          >
            <span>
              {busy ? say.recording : say.moneyArrived}
              <small>{say.moneyArrivedMore}</small>
            </span>
          </button>
        </div>
      </div>
    </main>
  )
}
