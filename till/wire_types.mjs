// wire.schema.json (made by the Python side) -> src/wire.gen.ts
// Titles are stripped first: json-schema-to-typescript names an alias after each, which made one type per scalar field.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { compile } from 'json-schema-to-typescript'

const from = new URL('wire.schema.json', import.meta.url)
const to = new URL('src/wire.gen.ts', import.meta.url)
if (!existsSync(from)) {
  console.error(
    'wire.schema.json is missing. Make it: ../.venv/bin/python -m fair_pos.till.wire_schema > wire.schema.json',
  )
  process.exit(1)
}
const untitled = (node, isPropertyMap = false) => {
  if (Array.isArray(node)) return node.map((item) => untitled(item))
  if (node === null || typeof node !== 'object') return node
  // In a map of properties "title" is a field's name, not a label.
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => isPropertyMap || key !== 'title')
      .map(([key, value]) => [key, untitled(value, key === 'properties' || key === '$defs')]),
  )
}
const { $defs } = untitled(JSON.parse(readFileSync(from, 'utf-8')))
const types = await compile({ $defs, type: 'object', additionalProperties: false }, 'Wire', {
  unreachableDefinitions: true,
  bannerComment: '// Made by wire_types.mjs from fair_pos/till/wire.py; do not edit.',
  // Bounded arrays would become tuples of up to 200 members.
  ignoreMinAndMaxItems: true,
  style: { semi: false, singleQuote: true },
})
writeFileSync(
  to,
  types
    .replaceAll(/\/\*\*\n \* This interface was referenced by[\s\S]*?\*\/\n/g, '')
    .replaceAll(/ \*\n \* This interface was referenced by[^\n]*\n \* via the[^\n]*\n/g, ''),
)
