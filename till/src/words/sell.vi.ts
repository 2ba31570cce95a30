// What selling says: weights, packs, discounts, notes, carts laid aside, giving away, scanning.
import { formatNumber } from '../rules/price'

const n = formatNumber

export const sellVi = {
  theSale: 'đơn này',
  perUnit: (amount: string, unit: string) => `${amount} / ${unit}`,
  perKilo: 'kg',
  listPrice: (amount: string) => `Giá niêm yết ${amount}`,
  takenOff: (amount: string) => `Giảm ${amount}`,
  noteIs: (note: string) => `Ghi chú: ${note}`,
  editQuantity: 'Sửa số lượng',

  // weighing
  weighTitle: 'Cân được bao nhiêu?',
  weighAgain: 'Cân lại',
  weightOf: (name: string, weight: string) => `${name}: ${weight}. Chạm để cân lại.`,
  grams: 'gam',
  kilos: 'kg',
  comma: 'Dấu phẩy',
  weightMissing: 'Nhập số cân lớn hơn không.',
  addToCart: 'Thêm vào giỏ',

  // packs
  packsTitle: 'Bán thế nào?',
  packHolds: (size: number, unit: string) => `${n(size)} ${unit}`,
  byWeight: 'Cân',
  packsToo: (count: number) => `${n(count + 1)} cỡ`,
  single: 'Bán lẻ',

  // discounts
  discount: 'Giảm giá',
  discountOn: (what: string) => `Giảm giá ${what}`,
  wholeSale: 'cả đơn',
  percent: 'Phần trăm',
  dongUnit: 'Số tiền',
  reason: 'Lý do',
  otherReason: 'Lý do khác',
  reasonMissing: 'Chọn lý do trước.',
  valueMissing: 'Nhập số lớn hơn không.',
  discountReasons: ['Mua nhiều', 'Khách quen', 'Cuối ngày', 'Khuyến mại', 'Hàng xước'],
  bornBy: 'Ai chịu phần giảm?',
  bearers: { producer: 'Chủ thể', organiser: 'Ban tổ chức', shared: 'Chia đôi' },
  oneBearer: 'Đơn này đã có giảm giá. Cùng một bên chịu.',
  bearersDiffer: 'Các món giảm giá do nhiều bên chịu. Bỏ bớt trước.',
  removeDiscount: 'Bỏ giảm giá',
  nowCosts: 'Khách còn trả',

  // a second person
  secondTitle: 'Cần người thứ hai',
  secondDiscount: (limit: number) => `Bạn được giảm đến ${n(limit)} %. Mời người có quyền nhập mã PIN.`,
  secondPrice: 'Bạn chưa được đổi giá. Mời người có quyền nhập mã PIN.',
  nobodyMay: 'Không ai ở máy này có quyền. Gọi ban tổ chức.',
  otherPerson: 'Người khác',
  pinOf: (name: string) => `Mã PIN của ${name}`,
  pinWrong: (left: number) => `Sai mã. Thử lại (còn ${n(left)} lần).`,
  pinLocked: (seconds: number) => `Sai quá nhiều. Chờ ${n(seconds)} giây rồi thử lại.`,

  // another price
  changePrice: 'Đổi giá',
  newPrice: 'Giá mới',
  priceReasons: ['Giá trên bao bì khác', 'Giá sỉ', 'Chủ thể báo giá mới'],
  backToList: 'Về giá niêm yết',

  // notes
  note: 'Ghi chú',
  noteHint: 'Chỉ gian hàng xem được, khách không thấy.',

  // the whole cart
  cartMore: 'Việc khác',
  cartMoreTitle: 'Đơn này',

  // laid aside
  park: 'Để lại',
  parkMore: 'Cất giỏ này, bán khách khác trước',
  parkedTitle: 'Giỏ để lại',
  parkedCarts: (count: number) => `Giỏ để lại (${n(count)})`,
  parkedNow: (number: number) => `Đã cất giỏ số ${n(number)}.`,
  parkedNumber: (number: number) => `Số ${n(number)}`,
  parkedEmpty: 'Chưa có giỏ nào để lại.',
  parkedSwap: 'Giỏ đang mở sẽ được cất lại.',
  parkFailed: 'Máy chưa cất được giỏ. Thử lại, giỏ vẫn còn đây.',
  pricesWait: 'Có giá mới, dùng từ đơn sau.',
  pricesMoved: (before: string, now: string) => `Giá đã đổi: trước ${before}, nay ${now}.`,

  // given away
  giveaway: 'Cho, thử hàng',
  giveawayMore: 'Hàng ra khỏi kho, không thu tiền',
  giveawayTitle: 'Cho đi vì việc gì?',
  purposes: { tasting: 'Ăn thử', gift: 'Tặng', sample: 'Hàng mẫu', damaged: 'Hỏng, vỡ' },
  whoBears: 'Ai chịu phần này?',
  recordGiveaway: 'Ghi, không thu tiền',
  givenAway: (what: string, count: number) => `Đã ghi ${what}: ${n(count)} món.`,
  giveawayFailed: 'Máy KHÔNG ghi được. Viết giấy, gọi ban tổ chức.',

  // scanning
  scan: 'Quét',
  scanTitle: 'Đưa mã vạch vào khung',
  scanWithCamera: 'Quét mã bằng máy ảnh',
  scanning: 'Đang tìm mã…',
  scanned: (what: string) => `Thấy ${what}`,
  codeUnknown: (code: string) => `Chưa có mã ${code}. Tìm theo tên món.`,
  searchInstead: 'Tìm theo tên',
  noCamera: 'Không mở được máy ảnh. Cho phép máy ảnh, hoặc tìm theo tên.',
}
