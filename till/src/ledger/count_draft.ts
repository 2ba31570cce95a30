// The count that goes on: kept strictly, since an hour of counting is not done twice because a battery was flat.
import type { CountDraft } from '../rules/counting'
import type { TillDb } from './schema'

export async function keepCountDraft(db: TillDb, draft: CountDraft | null): Promise<void> {
  const tx = db.transaction('facts', 'readwrite', { durability: 'strict' })
  await Promise.all([draft === null ? tx.store.delete('count_draft') : tx.store.put(draft, 'count_draft'), tx.done])
}
