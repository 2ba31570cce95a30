// Paper: never two originals, whichever printer they come from. A real ledger; browser and server are stand-ins.
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { recordSale } from '../src/ledger/sales'
import { openLedger, readFact, type StoredSale, type TillDb } from '../src/ledger/schema'
import { composeSale, NOW, pairedAs, priceList, uuid } from './builders'

let db: TillDb
let device: typeof import('../src/state/device')
let printing: typeof import('../src/state/printing')
let papers: number[] // numbers of the copies that this tablet printed; 0 is the original
let asked: { sale_id: string; copy_no: number }[] // papers that the server was asked for
let answer: () => Promise<Response>

const said = (status: number, body: object): Promise<Response> =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }))
const takes = () => said(200, { job_id: uuid() })
const refuses = () => said(409, { code: 'no_printer', facts: {} })
const isLost = () => Promise.reject(new TypeError('network'))

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  vi.stubGlobal('document', { documentElement: { dataset: {} } })
  vi.stubGlobal('navigator', {})
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => setTimeout(act))
  vi.stubGlobal('print', () => papers.push(printing.copyShown.value!.copyNo))
  vi.stubGlobal('fetch', (_door: string, request: { body: string }) => {
    asked.push(JSON.parse(request.body) as (typeof asked)[number])
    return answer()
  })
  vi.resetModules()
  globalThis.indexedDB = new IDBFactory()
  db = await openLedger()
  papers = []
  asked = []
  answer = takes
  device = await import('../src/state/device')
  printing = await import('../src/state/printing')
  const paired = pairedAs('A')
  device.useLedger(db)
  device.pairing.value = paired
  device.person.value = paired.person
  device.priceList.value = { ...priceList(1), printer: true }
  device.sync.value = { ...device.sync.value, link: 'up' }
})
afterEach(() => {
  db.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A sale that the server has. */
async function sold(): Promise<StoredSale> {
  const id = uuid()
  const sale = await recordSale(db, {
    id,
    deviceId: device.pairing.value!.device_id,
    fairDay: '2026-11-24',
    nowMs: NOW,
    compose: (place) => composeSale(id, place),
  })
  const there: StoredSale = { ...sale, answer: 'stored' }
  await db.put('sales', there)
  return there
}
const copiesWritten = async () =>
  (await db.getAll('sales'))
    .filter((one) => one.kind === 'receipt_copied')
    .map((one) => (JSON.parse(one.text) as { copy_no: number }).copy_no)
const becomes = (state: string) => vi.waitFor(() => expect(printing.lastPrint.value?.state).toBe(state))

test('after the server took it, the paper of this tablet is the next copy, and counted', async () => {
  const sale = await sold()
  await printing.printReceipt(sale)
  await becomes('taken')
  await printing.printHere(sale.id)
  await printing.printHere(sale.id)
  expect(asked).toEqual([{ sale_id: sale.id, copy_no: 0 }])
  expect(papers).toEqual([1, 2])
  expect(await copiesWritten()).toEqual([1, 2])
})

test('a paper that never left this tablet is printed as it is, and asked of nobody any more', async () => {
  device.sync.value = { ...device.sync.value, link: 'down' }
  const sale = await sold()
  await printing.printReceipt(sale)
  await printing.printHere(sale.id)
  expect([papers, asked, await copiesWritten()]).toEqual([[0], [], []])
  expect(await readFact(db, 'print_jobs')).toEqual([])
})

test('a paper whose answer was lost may come out over there: this tablet prints a copy, after a restart too', async () => {
  answer = isLost
  const sale = await sold()
  await printing.printReceipt(sale)
  await vi.waitFor(async () => expect(await readFact(db, 'print_jobs')).toMatchObject([{ asked: true }]))
  printing.lastPrint.value = null // as after a restart
  await printing.printHere(sale.id)
  expect([papers, await copiesWritten()]).toEqual([[1], [1]])
})

test('a paper that the server refused is nowhere else: it is the original', async () => {
  answer = refuses
  const sale = await sold()
  await printing.printReceipt(sale)
  await becomes('refused')
  await printing.printHere(sale.id)
  await printing.printHere(sale.id)
  expect([papers, await copiesWritten()]).toEqual([[0, 1], [1]])
})

test('ten taps are one paper', async () => {
  const sale = await sold()
  await printing.printReceipt(sale)
  await becomes('taken')
  await Promise.all(Array.from({ length: 10 }, () => printing.printHere(sale.id)))
  expect([papers, await copiesWritten()]).toEqual([[1], [1]])
})
