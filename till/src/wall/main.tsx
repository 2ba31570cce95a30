// Start: take the token out of the address, watch the board, draw once a second, and move a little every minute.
import { render } from 'preact'
import { Wall } from './screen'
import { askWith, unwatched, watch, type Watched } from './watch'
import { wallEn, wallVi } from './words'
import './wall.css'

const KEPT = 'fair_pos_wall'
const RELOAD_AFTER_MS = 60_000
// One place of a ring each minute: no edge of a digit stays on the same dots of the screen.
const RING: readonly (readonly [number, number])[] = [
  [0, 0],
  [4, 0],
  [8, 2],
  [8, 6],
  [4, 8],
  [0, 8],
  [-4, 6],
  [-4, 2],
]

const root = document.getElementById('app')!
const words = document.documentElement.lang === 'en' ? wallEn : wallVi
const steadyNow = (): number => performance.now()

let state: Watched = unwatched
let stopWatching: () => void = () => {}

/** The token of the address, which then goes from the bar and stays with the machine: nobody photographs it, and a power cut is no end. */
function takeToken(): string | null {
  const brought = location.hash.slice(1)
  try {
    if (brought !== '') {
      localStorage.setItem(KEPT, brought)
      history.replaceState(null, '', location.pathname + location.search)
    }
    return localStorage.getItem(KEPT)
  } catch {
    return brought === '' ? null : brought // this browser keeps nothing; the address has to
  }
}

const draw = (): void => render(<Wall state={state} steadyNowMs={steadyNow()} words={words} />, root)

function begin(): void {
  stopWatching()
  const token = takeToken()
  state = token === null ? { ...unwatched, stop: 'no_address' } : unwatched
  draw()
  if (token === null) return
  stopWatching = watch({
    ask: askWith(token, fetch.bind(window), steadyNow),
    steadyNow,
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    random: Math.random,
    onChange: (next) => {
      if (next.stop === 'outdated' && state.stop !== 'outdated') setTimeout(() => location.reload(), RELOAD_AFTER_MS)
      state = next
      draw()
    },
  })
}

async function keepAwake(): Promise<void> {
  try {
    await navigator.wakeLock?.request('screen')
  } catch {
    // without https, or not allowed: the machine's own settings decide
  }
}

addEventListener('hashchange', () => location.hash.length > 1 && begin())
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void keepAwake()
})

let seconds = 0
setInterval(() => {
  seconds++
  if (seconds % 60 === 0) {
    const [x, y] = RING[(seconds / 60) % RING.length]!
    root.style.setProperty('--shift-x', `${x}px`)
    root.style.setProperty('--shift-y', `${y}px`)
  }
  draw()
}, 1_000)

begin()
void keepAwake()
