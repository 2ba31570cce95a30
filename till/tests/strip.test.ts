import { describe, expect, test } from 'vitest'
import { clockError, stripOf } from '../src/rules/strip'
import type { SyncState } from '../src/sync/loop'
import { vi } from '../src/words/vi'

const NOON = Date.parse('2026-11-24T05:00:00Z')
const calm: SyncState = {
  link: 'up',
  waiting: { count: 0, oldestAtMs: null },
  allSentAtMs: Date.parse('2026-11-24T03:42:00Z'),
  clockOffsetMs: 0,
  stopped: null,
}
const withWaiting = (count: number, minutes: number, change: Partial<SyncState> = {}): SyncState => ({
  ...calm,
  allSentAtMs: null,
  waiting: { count, oldestAtMs: NOON - minutes * 60_000 },
  ...change,
})
const text = (state: SyncState): string => stripOf(state, NOON, vi).text

describe('strip', () => {
  test('all sent, with the hour in Vietnam', () => expect(text(calm)).toBe('Đã gửi hết lúc 10:42.'))
  test('no network is no alarm', () =>
    expect(text(withWaiting(7, 0, { link: 'down' }))).toBe('Mất mạng, vẫn bán bình thường. 7 mục chờ gửi.'))
  test('age of the oldest is always told', () =>
    expect(text(withWaiting(7, 12, { link: 'down' }))).toContain('Lâu nhất 12 phút.'))
  test('old sales ask for help', () =>
    expect(text(withWaiting(12, 25))).toBe('12 mục chưa gửi đã 25 phút. Mang máy lại gần bàn tổ chức.'))
  test('a stopped tablet says so before anything else', () =>
    expect(stripOf(withWaiting(3, 40, { stopped: 'device_revoked' }), NOON, vi).tone).toBe('stop'))

  test('never says "all sent" while one sale waits', () => {
    for (const link of ['unknown', 'up', 'down', 'fault'] as const)
      for (const minutes of [0, 1, 19, 20, 600]) {
        const said = text(withWaiting(1, minutes, { link, allSentAtMs: NOON }))
        expect(said).not.toContain('gửi hết')
        expect(said).toContain('1 mục')
      }
  })
})

describe('clock', () => {
  test('two minutes are let pass', () => expect(clockError(120_000, vi)).toBeNull())
  test('more is said in the largest unit that fits', () => {
    expect(clockError(-180_000, vi)).toBe('3 phút')
    expect(clockError(5 * 3_600_000, vi)).toBe('5 giờ')
    expect(clockError(-2 * 86_400_000, vi)).toBe('2 ngày')
  })
})
