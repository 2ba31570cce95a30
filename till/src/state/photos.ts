// Photos of the list are looked at once while there is a network, so that the worker has them when there is none.
import { effect } from '@preact/signals'
import { priceList, sync } from './device'

const PAUSE_MS = 150 // a thin line is for sales first

let round = 0

async function lookAtAll(urls: string[], thisRound: number): Promise<void> {
  for (const url of urls) {
    if (thisRound !== round || sync.peek().link === 'down') return
    await new Promise<void>((done) => {
      const image = new Image()
      image.onload = image.onerror = () => done()
      image.src = url
    })
    await new Promise((done) => setTimeout(done, PAUSE_MS))
  }
}

export function keepPhotosAtHand(): void {
  effect(() => {
    const urls = priceList.value?.products.flatMap(({ photo_url }) => (photo_url === null ? [] : [photo_url])) ?? []
    round++
    if (urls.length > 0 && navigator.serviceWorker?.controller != null) void lookAtAll(urls, round)
  })
}
