// The program of the gates' phones: built by itself, so that no file of the till changes with it and its page loads little.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf-8')) as { version: string }

const assets = new URL('../static/gate/assets/', import.meta.url)
const KEPT_DAYS = 14

/** Hashed files of earlier builds stay for a while, for pages that are open or on their way while a new build comes in. */
const pruneEarlierBuilds: Plugin = {
  name: 'prune-earlier-builds',
  apply: 'build',
  buildStart() {
    if (!existsSync(assets)) return
    const files = readdirSync(assets).map((name) => new URL(name, assets))
    for (const file of files) if (statSync(file).mtimeMs < Date.now() - KEPT_DAYS * 86_400_000) rmSync(file)
  },
}

export default defineConfig({
  base: '/static/gate/',
  publicDir: 'public_gate',
  plugins: [pruneEarlierBuilds],
  define: { __APP_VERSION__: JSON.stringify(version) },
  build: {
    outDir: '../static/gate',
    emptyOutDir: false,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { input: 'src/gate/main.tsx' },
  },
})
