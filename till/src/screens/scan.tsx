// The camera looks for codes; what it finds goes into the cart while it goes on looking.
import { useEffect, useRef, useState } from 'preact/hooks'
import { Sheet } from '../parts/sheet'
import { CAMERA_ECHO_MS } from '../rules/scan'
import { makeDetector } from '../state/camera'
import { words } from '../state/device'
import { codeRead, lastScan, searchFor } from '../state/scanning'
import { MoneyBar } from './cart'

const LOOK_EVERY_MS = 120

export function ScanScreen() {
  const say = words.value
  const picture = useRef<HTMLVideoElement>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    lastScan.value = null
    let left = false
    let stream: MediaStream | null = null
    const look = async (): Promise<void> => {
      try {
        const [opened, detector] = await Promise.all([
          navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false }),
          makeDetector(),
        ])
        stream = opened
        if (left || picture.current === null) return stop()
        picture.current.srcObject = opened
        await picture.current.play()
        while (!left) {
          if (picture.current !== null && picture.current.readyState >= 2)
            for (const { rawValue } of await detector.detect(picture.current))
              if (!left) codeRead(rawValue, performance.now(), CAMERA_ECHO_MS)
          await new Promise((done) => setTimeout(done, LOOK_EVERY_MS))
        }
      } catch {
        if (!left) setFailed(true)
      } finally {
        stop()
      }
    }
    const stop = (): void => stream?.getTracks().forEach((track) => track.stop())
    void look()
    return () => {
      left = true
      stop()
    }
  }, [])
  const last = lastScan.value
  return (
    <Sheet title={say.scanTitle} class="scan-sheet" foot={<MoneyBar />}>
      {failed ? (
        <p class="refusal" role="alert" data-testid="refusal">
          {say.noCamera}
        </p>
      ) : (
        <div class="scan-picture">
          <video ref={picture} playsInline muted aria-label={say.scanWithCamera} />
          <span class="scan-frame" aria-hidden="true" />
        </div>
      )}
      <p class="scan-says" role="status" data-testid="scan-says" data-known={last?.known}>
        {last?.says ?? (failed ? '' : say.scanning)}
      </p>
      {(failed || last?.known === false) && (
        <button
          type="button"
          class="outlined"
          data-testid="scan-search"
          onClick={() => searchFor(last?.known === false ? last.code : '')}
        >
          {say.searchInstead}
        </button>
      )}
    </Sheet>
  )
}
