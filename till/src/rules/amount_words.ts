// Amounts in words, as they stand on Vietnamese receipts. Held to tests/vectors/amount_words.json together with Python.

const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín']
const BILLION = 10 ** 9
const GROUPS = [
  { worth: 10 ** 6, name: ' triệu' },
  { worth: 10 ** 3, name: ' nghìn' },
  { worth: 1, name: '' },
]

export type Dialect = 'linh' | 'lẻ'

const lastDigit = (tens: number, ones: number): string => {
  if (ones === 0) return ''
  if (ones === 5) return ' lăm'
  if (tens > 1 && ones === 1) return ' mốt'
  if (tens > 1 && ones === 4) return ' tư'
  return ` ${DIGITS[ones]}`
}

/** Up to 999. `full` names the hundreds even when there are none: every group but the first is read so. */
function group(value: number, full: boolean, zero: Dialect): string {
  const [hundreds, tens, ones] = [Math.floor(value / 100), Math.floor(value / 10) % 10, value % 10]
  const head = full || hundreds > 0 ? `${DIGITS[hundreds]} trăm` : ''
  if (tens === 0) {
    if (ones === 0) return head
    return head === '' ? DIGITS[ones]! : `${head} ${zero} ${DIGITS[ones]}`
  }
  const ten = tens === 1 ? 'mười' : `${DIGITS[tens]} mươi`
  return `${head === '' ? '' : `${head} `}${ten}${lastDigit(tens, ones)}`
}

function below(value: number, full: boolean, zero: Dialect): string {
  const said: string[] = []
  for (const { worth, name } of GROUPS) {
    const part = Math.floor(value / worth) % 1000
    if (part > 0) said.push(group(part, full || said.length > 0, zero) + name)
  }
  return said.join(' ')
}

export function numberWords(whole: number, zero: Dialect = 'linh'): string {
  if (whole < 0) return `âm ${numberWords(-whole, zero)}`
  if (whole === 0) return DIGITS[0]!
  if (whole < BILLION) return below(whole, false, zero)
  const rest = whole % BILLION
  const billions = `${numberWords(Math.floor(whole / BILLION), zero)} tỷ`
  return rest === 0 ? billions : `${billions} ${below(rest, true, zero)}`
}

/** 1015000 -> "Một triệu không trăm mười lăm nghìn đồng" */
export function amountWords(dong: number, zero: Dialect = 'linh'): string {
  const words = numberWords(dong, zero)
  return `${words[0]!.toLocaleUpperCase('vi')}${words.slice(1)} đồng`
}
