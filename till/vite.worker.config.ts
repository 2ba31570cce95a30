// The service worker, built after the program: it must know the names of all its files and one hash over their contents.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

const built = new URL('../static/till/', import.meta.url)
const page = new URL('../templates/till/shell.html', import.meta.url)

type Entry = { file: string; css?: string[]; assets?: string[] }

/** What this build made; the folder has hashed files of earlier ones too. */
function ofThisBuild(): Set<string> {
  const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', built), 'utf-8')) as Record<string, Entry>
  return new Set(Object.values(manifest).flatMap(({ file, css, assets }) => [file, ...(css ?? []), ...(assets ?? [])]))
}

function precache(): Plugin {
  const hashed = ofThisBuild()
  const inBuild = readdirSync(built, { recursive: true, encoding: 'utf-8' }).sort()
  const files = inBuild.filter((name) =>
    name.startsWith('assets/') ? hashed.has(name) : /\.(js|css|svg|png)$/.test(name) && name !== 'worker.js',
  )
  const hash = createHash('sha256')
  for (const name of files) hash.update(name).update(readFileSync(new URL(name, built)))
  // The page is Flask's; when it changes the kept copy must change too.
  if (existsSync(page)) hash.update(readFileSync(page))
  const urls = ['/till/app.webmanifest', ...files.map((name) => `/static/till/${name}`)]
  const define = { __FILES__: JSON.stringify(urls), __VERSION__: JSON.stringify(hash.digest('hex').slice(0, 16)) }
  return { name: 'precache', config: () => ({ define }) }
}

export default defineConfig({
  plugins: [precache()],
  publicDir: false,
  build: {
    outDir: '../static/till',
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: 'src/worker.ts', formats: ['iife'], name: 'worker', fileName: () => 'worker.js' },
  },
})
