/// <reference types="vitest/config" />
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf-8')) as { version: string }

const assets = new URL('../static/till/assets/', import.meta.url)
const KEPT_DAYS = 14

/** Hashed files of earlier builds stay for a while, for pages that are open or on their way while a new build comes in. */
function pruneEarlierBuilds(): Plugin {
  return {
    name: 'prune-earlier-builds',
    apply: 'build',
    buildStart() {
      if (!existsSync(assets)) return
      const files = readdirSync(assets).map((name) => new URL(name, assets))
      for (const file of files) if (statSync(file).mtimeMs < Date.now() - KEPT_DAYS * 86_400_000) rmSync(file)
    },
  }
}

// Flask serves the page itself and finds the hashed names in .vite/manifest.json.
export default defineConfig({
  base: '/static/till/',
  plugins: [pruneEarlierBuilds()],
  define: { __APP_VERSION__: JSON.stringify(version) },
  build: {
    outDir: '../static/till',
    emptyOutDir: false,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0, // a data: URL would need a wider content policy than 'self'
    modulePreload: false,
    rolldownOptions: { input: 'src/main.tsx' },
  },
  test: { include: ['tests/**/*.test.ts'] },
})
