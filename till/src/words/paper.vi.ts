// What a receipt says, letter for letter as the server's (fair_pos/receipts/wording.py, templates/receipts): the buyer compares them.
export const paperVi = {
  copyOf: (number: string) => `BẢN SAO ${number}`,
  sample: 'dữ liệu mẫu',
  titles: { sale: 'Phiếu bán hàng', refund: 'Phiếu trả hàng', void: 'Phiếu hủy' },
  originals: { refund: 'Trả hàng cho phiếu', void: 'Hủy phiếu' },
  discount: 'Giảm giá',
  discountFor: (labels: string) => `Giảm giá: ${labels}`,
  /** In the order of discountReasons, which is what the seller taps. */
  discountLabels: ['Mua nhiều', 'Khách quen', 'Cuối ngày', 'Khuyến mại', 'Hàng xước'],
  goods: 'Tiền hàng',
  rounding: 'Làm tròn tiền mặt',
  total: 'Tổng cộng',
  paidBack: 'Tiền trả lại',
  inWords: 'Bằng chữ:',
  handedOver: 'Khách đưa (tiền mặt)',
  change: 'Tiền thối',
  tenders: { cash: 'Tiền mặt', transfer: 'Chuyển khoản', card: 'Thẻ' },
  states: { claimed: 'chưa xác nhận', confirmed: 'đã xác nhận', underpaid: 'thiếu tiền', overpaid: 'thừa tiền' },
  scan: 'Quét để xem lại phiếu và người làm ra sản phẩm',
  checkDigits: 'Mã kiểm',
  notInvoice: 'Phiếu này không phải hóa đơn.',
}
