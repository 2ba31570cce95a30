// What the sync core needs from the world, so that it runs without a browser: clock, chance, server, ledger.
import type {
  FoundReceipts,
  Paired,
  PairRequest,
  Parcel,
  ParcelAnswer,
  Ping,
  Pong,
  PriceList,
  PrintQueued,
  PrintRequest,
  SignedIn,
  SignInRequest,
  Transfers,
  Unpaired,
  UnpairRequest,
  Upload,
  Uploaded,
} from '../wire.gen'

/** The network edge answers in values: not being reached is the normal case at a fair. */
export type Answer<T> =
  | { kind: 'answered'; body: T; etag: string | null; askedAtMs: number; answeredAtMs: number }
  | { kind: 'not_modified' }
  | { kind: 'refused'; status: number; code: string; facts: Record<string, string | number> }
  | { kind: 'offline'; timedOut: boolean }
  | { kind: 'server_fault'; status: number }

export interface Server {
  upload(body: Upload, timeoutMs: number): Promise<Answer<Uploaded>>
  ping(body: Ping, timeoutMs: number): Promise<Answer<Pong>>
  priceList(etag: string | null, timeoutMs: number): Promise<Answer<PriceList>>
  signIn(body: SignInRequest, timeoutMs: number): Promise<Answer<SignedIn>>
  unpair(body: UnpairRequest, timeoutMs: number): Promise<Answer<Unpaired>>
}

export interface Desk {
  transfers(timeoutMs: number): Promise<Answer<Transfers>>
  receipts(by: Record<string, string>, timeoutMs: number): Promise<Answer<FoundReceipts>>
  print(body: PrintRequest, timeoutMs: number): Promise<Answer<PrintQueued>>
}

export interface PairingServer {
  pair(body: PairRequest, timeoutMs: number): Promise<Answer<Paired>>
}

export interface Waiting {
  count: number
  oldestAtMs: number | null
}

/** The outbox of one device. */
export interface OutboxLedger {
  waiting(): Promise<Waiting>
  /** Oldest first; `skip` names parcels that no server would take so far. */
  oldest(limit: number, skip: ReadonlySet<string>): Promise<Parcel[]>
  settle(answers: readonly ParcelAnswer[], atMs: number): Promise<void>
  /** Puts answered sales after this number back into the outbox; returns how many. */
  feedAgain(afterSeq: number): Promise<number>
}

/** What this tablet was before it was paired again. */
export interface FormerDevice {
  deviceId: string
  server: Pick<Server, 'upload'>
  ledger: OutboxLedger
}

export interface FormerDevices {
  /** What they hold that was not saved to a file either. */
  waiting(): Promise<Waiting>
  /** Those that hold parcels and whose secret is still known. */
  withParcels(): Promise<FormerDevice[]>
}

export interface NewestList {
  version: number
  etag: string | null
  /** Which stars hold changes with the fair day, without a new version. */
  madeAtMs: number
  dayBoundaryMinutes: number
}

export interface PriceListStore {
  newest(): Promise<NewestList | null>
  keepNext(document: PriceList, etag: string | null): Promise<void>
}

export interface Clock {
  now(): number
  /** Returns the way to cancel. */
  after(ms: number, act: () => void): () => void
}
