// A clock that is set while the till runs. The browser's own steady clock does not move with it, so that the jump can be told.

export interface Clocks {
  wallMs: number // Date.now()
  steadyMs: number // performance.now()
}

const DRIFT_MS = 2_000 // less is corrected at the next answer of the server

/** By how much the wall clock was set between two looks; 0 while both went on alike. */
export function jumpedMs(before: Clocks, now: Clocks): number {
  const jumped = now.wallMs - before.wallMs - (now.steadyMs - before.steadyMs)
  return Math.abs(jumped) < DRIFT_MS ? 0 : Math.round(jumped)
}
