import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/**
 * A page over the selling screen, which stays drawn beneath: coming back costs nothing and finds search and scroll as left.
 * Takes the focus, and gives it back.
 */
export function Overlay({ children }: { children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    place.current?.focus({ preventScroll: true })
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) setTimeout(() => opener.focus({ preventScroll: true }))
    }
  }, [])
  return (
    <div class="overlay" tabIndex={-1} ref={place}>
      {children}
    </div>
  )
}
