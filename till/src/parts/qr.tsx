import { correction, generate } from 'lean-qr'
import { useMemo } from 'preact/hooks'

const QUIET = 4 // modules of white around, or cheap scanners lose the corners

/** Dark modules as one path: an SVG attribute, so the strict content policy has nothing to object to. */
export function Qr({ url, label, testId = 'receipt-qr' }: { url: string; label: string; testId?: string }) {
  const { size, path } = useMemo(() => {
    const code = generate(url, { minCorrectionLevel: correction.M })
    let path = ''
    for (let y = 0; y < code.size; y++)
      for (let x = 0; x < code.size; x++) if (code.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`
    return { size: code.size + 2 * QUIET, path }
  }, [url])
  return (
    <svg
      class="qr"
      data-testid={testId}
      data-url={url}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
