// The gate's service worker, built after its program: it must know the names of all files and one hash over their contents.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

const built = new URL('../static/gate/', import.meta.url)
const page = new URL('../templates/visitors/gate_shell.html', import.meta.url)

type Entry = { file: string; css?: string[]; assets?: string[] }

function precache(): Plugin {
  const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', built), 'utf-8')) as Record<string, Entry>
  const all = Object.values(manifest).flatMap(({ file, css, assets }) => [file, ...(css ?? []), ...(assets ?? [])])
  const files = [...new Set(all)].sort()
  const hash = createHash('sha256').update(readFileSync(page))
  for (const name of files) hash.update(name).update(readFileSync(new URL(name, built)))
  const urls = ['/gate/app.webmanifest', ...files.map((name) => `/static/gate/${name}`)]
  const define = { __FILES__: JSON.stringify(urls), __VERSION__: JSON.stringify(hash.digest('hex').slice(0, 16)) }
  return { name: 'precache', config: () => ({ define }) }
}

export default defineConfig({
  plugins: [precache()],
  publicDir: false,
  build: {
    outDir: '../static/gate',
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: 'src/gate/worker.ts', formats: ['iife'], name: 'worker', fileName: () => 'worker.js' },
  },
})
