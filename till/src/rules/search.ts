// Finds goods by what a hurried thumb types. Folded words decide what is found, marks decide what comes first.
import { fold, keepMarks } from './fold'

export interface Entry<T> {
  item: T
  folded: string // " mat ong pa u ho kinh doanh" with a space in front, so that " o" means "a word begins with o"
  marked: string
  foldedName: string
  markedName: string
}

/** Done once per price list; a key stroke then only compares strings. */
export function indexAll<T>(items: readonly T[], nameOf: (item: T) => string, moreOf: (item: T) => string): Entry<T>[] {
  return items.map((item) => {
    const name = nameOf(item)
    const all = `${name} ${moreOf(item)}`
    return {
      item,
      folded: ` ${fold(all)}`,
      marked: ` ${keepMarks(all)}`,
      foldedName: fold(name),
      markedName: keepMarks(name),
    }
  })
}

export function search<T>(index: readonly Entry<T>[], query: string): T[] {
  const folded = fold(query)
  if (folded === '') return index.map((entry) => entry.item)
  const words = folded.split(' ')
  const marked = keepMarks(query)
  const markedWords = marked.split(' ')
  const found: { item: T; rank: number; at: number }[] = []
  index.forEach((entry, at) => {
    let begins = true
    for (const word of words) {
      if (!entry.folded.includes(word)) return
      if (!entry.folded.includes(` ${word}`)) begins = false
    }
    found.push({ item: entry.item, rank: rankOf(entry, folded, marked, markedWords, begins), at })
  })
  return found.sort((a, b) => a.rank - b.rank || a.at - b.at).map((hit) => hit.item)
}

// Smaller is better. Exact marks always come before any match that needed folding: «đường» must not put «dương» first.
function rankOf<T>(entry: Entry<T>, folded: string, marked: string, markedWords: string[], begins: boolean): number {
  if (entry.markedName === marked) return 0
  if (entry.markedName.startsWith(marked)) return 1
  if (` ${entry.markedName}`.includes(` ${marked}`)) return 2
  if (markedWords.every((word) => ` ${entry.markedName}`.includes(` ${word}`))) return 3
  if (markedWords.every((word) => entry.marked.includes(` ${word}`))) return 4
  if (entry.foldedName.startsWith(folded)) return 5
  if (` ${entry.foldedName}`.includes(` ${folded}`)) return 6
  return begins ? 7 : 8
}
