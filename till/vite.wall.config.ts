// The program of displays on a wall: built by itself, for browsers that show one page for months.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

const assets = new URL('../static/wall/assets/', import.meta.url)
const KEPT_DAYS = 14

/** Hashed files of earlier builds stay for a while, for pages that are on their way while a new build comes in. */
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
  base: '/static/wall/',
  publicDir: false,
  plugins: [pruneEarlierBuilds],
  build: {
    outDir: '../static/wall',
    emptyOutDir: false,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { input: 'src/wall/main.tsx' },
  },
})
