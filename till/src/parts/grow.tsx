import { useEffect, useRef } from 'preact/hooks'

/** Draws more when it comes near the glass; also a button, for those who do not scroll. */
export function Grow({ onSeen, label }: { onSeen: () => void; label: string }) {
  const end = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const watcher = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && onSeen(), {
      rootMargin: '600px',
    })
    if (end.current !== null) watcher.observe(end.current)
    return () => watcher.disconnect()
  }, [])
  return (
    <button type="button" class="outlined grow" ref={end} onClick={onSeen}>
      {label}
    </button>
  )
}
