/// <reference types="vitest/config" />
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf-8')) as { version: string }

// Flask serves the page itself and finds the hashed names in .vite/manifest.json.
export default defineConfig({
  base: '/static/till/',
  define: { __APP_VERSION__: JSON.stringify(version) },
  build: {
    outDir: '../static/till',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0, // a data: URL would need a wider content policy than 'self'
    modulePreload: false,
    rolldownOptions: { input: 'src/main.tsx' },
  },
  test: { include: ['tests/**/*.test.ts'] },
})
