import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { StillStrip } from './banner'

/**
 * A page over the selling screen, which stays drawn beneath: coming back costs nothing and finds search and scroll as left.
 * Takes the focus, and gives it back.
 */
export function Overlay({ name, children }: { name: string; children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    place.current?.focus({ preventScroll: true })
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) setTimeout(() => opener.focus({ preventScroll: true }))
    }
  }, [])
  return (
    <div class="overlay" data-screen={name} tabIndex={-1} ref={place}>
      {/* How many sales wait, and since when, is on the glass whatever else is. */}
      <header class="over-strip">
        <StillStrip />
      </header>
      <div class="over-page">{children}</div>
    </div>
  )
}
