// Reading codes with the camera: by the browser where it can, otherwise by zxing, whose program is ours and is loaded when first needed.
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'
import { sync } from './device'

const FORMATS = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'qr_code'] as const

export interface Detector {
  detect(picture: HTMLVideoElement): Promise<{ rawValue: string }[]>
}

interface NativeDetector {
  new (how: { formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

const native = (): NativeDetector | undefined => (globalThis as { BarcodeDetector?: NativeDetector }).BarcodeDetector

async function nativeReads(): Promise<boolean> {
  try {
    const known = (await native()?.getSupportedFormats()) ?? []
    return known.includes('ean_13') && known.includes('qr_code')
  } catch {
    return false
  }
}

export async function makeDetector(): Promise<Detector> {
  const Native = native()
  if (Native !== undefined && (await nativeReads())) return new Native({ formats: FORMATS })
  const { BarcodeDetector, prepareZXingModule } = await import('barcode-detector/ponyfill')
  prepareZXingModule({ overrides: { locateFile: () => wasmUrl } })
  return new BarcodeDetector({ formats: [...FORMATS] })
}

/** While there is a network: what the camera needs must be there when there is none. The service worker keeps it. */
export async function keepReaderAtHand(): Promise<void> {
  if (sync.peek().link === 'down' || navigator.serviceWorker?.controller == null || (await nativeReads())) return
  await fetch(wasmUrl).catch(() => {})
}
