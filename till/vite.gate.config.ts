// The program of the gates' phones: built by itself, so that no file of the till changes with it and its page loads little.
import { readFileSync, rmSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf-8')) as { version: string }

/** Its files are few and kept by the phones' workers; older builds are not waited for. */
const clean: Plugin = {
  name: 'clean',
  apply: 'build',
  buildStart: () => rmSync(new URL('../static/gate/.vite/', import.meta.url), { recursive: true, force: true }),
}

export default defineConfig({
  base: '/static/gate/',
  publicDir: 'public_gate',
  plugins: [clean],
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
