import { stage, words } from '../state/device'
import { Icon } from '../parts/icon'

/** Nothing can be sold in this tab; says why and what to do. */
export function Notice() {
  const say = words.value
  switch (stage.value) {
    case 'other_tab':
      return <Full title={say.otherTab} more={say.otherTabDo} testId="other-tab" />
    case 'no_secure_context':
      return <Full title={say.noSecureContext} />
    case 'ledger_broken':
      return <Full title={say.ledgerBroken} reload />
    case 'pushed_aside':
      return <Full title={say.pushedAside} reload />
    default:
      return <main class="notice" aria-busy="true" aria-label={say.opening} />
  }
}

const Full = (props: { title: string; more?: string; reload?: boolean; testId?: string }) => (
  <main class="notice" data-testid={props.testId}>
    <Icon name="stop" />
    <div role="alert">
      <h1>{props.title}</h1>
      {props.more !== undefined && <p>{props.more}</p>}
    </div>
    {props.reload && (
      <button type="button" class="outlined" onClick={() => location.reload()}>
        {words.value.reload}
      </button>
    )}
  </main>
)
