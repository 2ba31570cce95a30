/* Photos are made small before they are sent: a phone's are of six megabytes, and what is too large in sum would be turned down whole,
   with the signature. The server draws them anew all the same. */

const LONGEST_SIDE = 1280
const MOST_BYTES = 7 * 1024 * 1024
const inputs = [...document.querySelectorAll('input[data-photos]')]

for (const input of inputs) input.addEventListener('change', () => shrink(input))

async function shrink(input) {
  const files = [...input.files]
  const buttons = [...input.form.querySelectorAll('button')]
  for (const button of buttons) button.disabled = true
  const small = new DataTransfer()
  for (const file of files) small.items.add(await smaller(file))
  input.files = small.files
  for (const button of buttons) button.disabled = false
  const bytes = inputs.filter((one) => one.form === input.form).flatMap((one) => [...one.files])
  const heavy = bytes.reduce((sum, file) => sum + file.size, 0) > MOST_BYTES
  const words = files.length > Number(input.dataset.photos) ? input.dataset.many : heavy ? input.dataset.heavy : ''
  for (const one of inputs) if (one.form === input.form) one.setCustomValidity('')
  input.setCustomValidity(words)
  input.reportValidity()
}

/* The file as it is when it is small, or a kind that this browser cannot draw: the server says whether it can. */
async function smaller(file) {
  if (file.size < 400_000) return file
  let picture
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return file
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  const pen = canvas.getContext('2d')
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
  return blob !== null && blob.size < file.size ? new File([blob], 'anh.jpg', { type: 'image/jpeg' }) : file
}
