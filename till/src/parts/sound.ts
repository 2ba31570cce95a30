// A tick on add, a rising pair when a sale is kept, a low double when it is not. Never the only signal.
import { settings } from '../state/device'

let context: AudioContext | null = null

type Note = [hertz: number, atMs: number, lastsMs: number]

/** After the picture that the tap waits for: the first sound of a day alone takes a slow tablet a fifth of a second. */
const afterPicture = (act: () => void): void =>
  'requestAnimationFrame' in globalThis ? void requestAnimationFrame(() => setTimeout(act)) : act()

function tones(...notes: Note[]): void {
  if (!settings.value.sound) return
  afterPicture(() => play(notes))
}

function play(notes: readonly Note[]): void {
  try {
    context ??= new AudioContext()
    const start = context.currentTime
    for (const [hertz, atMs, lastsMs] of notes) {
      const tone = context.createOscillator()
      const volume = context.createGain()
      tone.frequency.value = hertz
      volume.gain.setValueAtTime(0.12, start + atMs / 1000)
      volume.gain.exponentialRampToValueAtTime(0.001, start + (atMs + lastsMs) / 1000)
      tone.connect(volume).connect(context.destination)
      tone.start(start + atMs / 1000)
      tone.stop(start + (atMs + lastsMs) / 1000)
    }
  } catch {
    // A tablet without sound sells as well.
  }
}

const shake = (ms: number): void => void navigator.vibrate?.(ms)

export const soundAdded = (): void => {
  tones([880, 0, 45])
  shake(30)
}
export const soundRecorded = (): void => {
  tones([660, 0, 120], [990, 110, 180])
  shake(80)
}
export const soundRefused = (): void => tones([220, 0, 160], [220, 200, 160])
