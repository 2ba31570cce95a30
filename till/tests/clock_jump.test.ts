import { describe, expect, test } from 'vitest'
import { jumpedMs } from '../src/rules/clock_jump'
import { world } from './world'

describe('a clock that is set while the till runs', () => {
  test.each([
    ['both go on alike', 1_000, 1_000, 0],
    ['a hundredth slow or fast is drift', 1_600, 1_000, 0],
    ['three days ahead', 3 * 86_400_000 + 1_000, 1_000, 3 * 86_400_000],
    ['an hour back', -3_600_000 + 1_000, 1_000, -3_600_000],
    ['a long look away moves nothing', 600_000, 600_000, 0],
  ])('%s', (_, wall, steady, jumped) => {
    expect(jumpedMs({ wallMs: 5, steadyMs: 7 }, { wallMs: 5 + wall, steadyMs: 7 + steady })).toBe(jumped)
  })

  test('the measured offset moves along at once, and the next answer measures it afresh', async () => {
    const { clock, loop, state } = world()
    await clock.pass(100)
    const before = state().clockOffsetMs
    loop.clockMoved(86_400_000)
    expect(state().clockOffsetMs).toBe(before - 86_400_000)
    await clock.pass(10_000)
    // The world's own clock has not moved, so the server says again what it said before.
    expect(state().clockOffsetMs).toBe(before)
  })
})
