import type { paperVi } from './paper.vi'
import type { Shape } from './shape'

export const paperEn: Shape<typeof paperVi> = {
  copyOf: (number) => `BẢN SAO · COPY ${number}`,
  sample: 'sample data',
  titles: { sale: 'Sales receipt', refund: 'Refund receipt', void: 'Voided' },
  originals: { refund: 'Goods returned from receipt', void: 'Voids receipt' },
  discount: 'Discounts',
  discountFor: (labels) => `Discount: ${labels}`,
  discountLabels: ['Bought a lot', 'Regular buyer', 'End of the day', 'Promotion', 'Scratched goods'],
  goods: 'Goods',
  rounding: 'Rounding of cash',
  total: 'Total',
  paidBack: 'Total refunded',
  inWords: 'In words:',
  handedOver: 'Cash received',
  change: 'Change',
  tenders: { cash: 'Cash', transfer: 'Transfer', card: 'Card' },
  states: { claimed: 'claimed', confirmed: 'confirmed', underpaid: 'underpaid', overpaid: 'overpaid' },
  scan: 'Scan to see this receipt and who made the products',
  checkDigits: 'Check digits',
  notInvoice: 'This receipt is not a tax invoice.',
}
