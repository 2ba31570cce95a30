// Every sentence the seller sees: what happened, what is safe, what to do; at most fourteen words.
import { formatNumber } from '../rules/price'
import { countVi } from './count.vi'
import { paperVi } from './paper.vi'
import { payVi } from './pay.vi'
import { sellVi } from './sell.vi'
import type { Shape } from './shape'

const n = formatNumber

/** "3 phút", "2 giờ 5 phút" */
const lasting = (minutes: number): string =>
  minutes < 60 ? `${minutes} phút` : `${Math.floor(minutes / 60)} giờ ${minutes % 60} phút`

export const vi = {
  // start and other tabs
  opening: 'Đang mở máy bán hàng…',
  otherTab: 'Máy bán hàng đang mở ở thẻ khác.',
  otherTabDo: 'Đóng thẻ kia, thẻ này sẽ tự bán tiếp.',
  noSecureContext: 'Trình duyệt này không giữ được đơn. Mở lại bằng địa chỉ https.',
  ledgerBroken: 'Máy không mở được sổ đơn. Viết giấy, gọi ban tổ chức.',
  pushedAside: 'Có bản mới đang mở. Tải lại trang này.',
  reload: 'Tải lại',

  // pairing and signing in
  pairTitle: 'Ghép máy với gian hàng',
  pairIntro: 'Ban tổ chức đọc cho bạn mã tám ký tự.',
  pairCode: 'Mã ghép máy',
  loginName: 'Tên đăng nhập',
  password: 'Mật khẩu',
  showPassword: 'Hiện mật khẩu',
  tabletName: 'Tên máy (ví dụ: máy bàn ngoài)',
  pair: 'Ghép máy',
  working: 'Đang hỏi máy chủ…',
  signInTitle: 'Ai đang bán?',
  signIn: 'Đăng nhập',
  refusals: {
    pairing_code_unknown: 'Mã không đúng hoặc đã hết hạn. Xin ban tổ chức mã mới.',
    login_failed: 'Tên hoặc mật khẩu chưa đúng. Xem lại rồi thử lần nữa.',
    may_not_sell_here: 'Tài khoản này chưa được bán ở gian hàng này. Gọi ban tổ chức.',
    too_many_attempts: 'Thử sai nhiều lần quá. Chờ vài phút rồi thử lại.',
    sales_waiting: 'Còn mục chờ gửi. Mang máy lại gần bàn tổ chức.',
    device_revoked: 'Máy đã bị ngừng ghép. Gọi ban tổ chức.',
    device_unknown: 'Máy chủ không nhận ra máy này. Gọi ban tổ chức.',
  } as Record<string, string>,
  refusedOther: (code: string) => `Máy chủ chưa nhận. Gọi ban tổ chức, đọc mã ${code}.`,
  offlineNow: 'Chưa nối được máy chủ. Xem mạng rồi thử lại.',
  serverBusy: 'Máy chủ đang bận. Chờ một lát rồi thử lại.',

  // the strip
  allSentAt: (clock: string) => `Đã gửi hết lúc ${clock}.`,
  nothingWaits: 'Không có gì chờ gửi.',
  connecting: 'Đang tìm máy chủ.',
  sending: (count: number) => `Đang gửi ${n(count)} mục.`,
  waiting: (count: number) => `${n(count)} mục chờ gửi.`,
  offlineSells: 'Mất mạng, vẫn bán bình thường.',
  faultSells: 'Máy chủ đang bận, vẫn bán bình thường.',
  oldestFor: (minutes: number) => `Lâu nhất ${lasting(minutes)}.`,
  bringNear: (count: number, minutes: number) =>
    `${n(count)} mục chưa gửi đã ${lasting(minutes)}. Mang máy lại gần bàn tổ chức.`,
  batteryLow: (percent: number) => `Pin còn ${n(percent)} %. Cắm sạc cho máy, đơn vẫn giữ nguyên.`,
  clockWrong: (howMuch: string) => `Giờ máy sai ${howMuch}. Vẫn bán được, nhờ người chỉnh lại giờ.`,
  days: (count: number) => `${n(count)} ngày`,
  hours: (count: number) => `${n(count)} giờ`,
  minutes: (count: number) => `${n(count)} phút`,
  sample: 'Dữ liệu mẫu. Không bán thật.',
  newVersion: 'Có bản mới.',
  update: 'Cập nhật',
  updateLater: 'Xong đơn này rồi cập nhật.',

  // selling
  selling: 'Bán hàng',
  search: 'Tìm món hàng',
  clearSearch: 'Xóa tìm',
  allGroups: 'Tất cả',
  groups: 'Nhóm hàng',
  products: 'Món hàng',
  noMatch: 'Không thấy món nào. Thử từ ngắn hơn.',
  noList: 'Chưa có bảng giá. Giữ máy mở, máy sẽ tự tải khi có mạng.',
  emptyList: 'Gian hàng chưa có món nào. Gọi ban tổ chức thêm hàng.',
  stars: (count: number) => `OCOP ${count} sao`,
  cart: 'Giỏ hàng',
  emptyCart: 'Chạm vào món hàng',
  emptyCartMore: 'Món bạn chạm sẽ nằm ở đây.',
  pieces: (count: number) => `${n(count)} món`,
  seeCart: 'Xem giỏ',
  backToGoods: 'Chọn thêm hàng',
  total: 'Tổng tiền',
  takeMoney: 'Thu tiền',
  less: (name: string) => `Bớt một ${name}`,
  more: (name: string) => `Thêm một ${name}`,
  remove: 'Bỏ',
  removeOf: (name: string) => `Bỏ ${name}`,
  removeLine: 'Bỏ món này',
  quantityOf: (name: string, quantity: number) => `${name}: ${n(quantity)}. Chạm để sửa số lượng.`,
  howMany: 'Mấy món?',
  done: 'Xong',
  added: (what: string) => `Đã thêm ${what}`,
  removed: (what: string) => `Đã bỏ ${what}`,
  changed: (what: string) => `Đã sửa ${what}`,
  undo: 'Hoàn tác',
  withdrawn: (names: string) => `Không còn bán, đã bỏ khỏi giỏ: ${names}.`,
  someGoods: 'một món',
  understood: 'Đã hiểu',
  cartFull: 'Đơn này đầy rồi. Thu tiền, rồi mở đơn mới.',
  back: 'Quay lại',

  // paying
  toPay: 'Khách phải trả',
  exact: 'Đủ tiền',
  exactMore: 'Khách đưa vừa đủ',
  quickNotes: 'Khách đưa',
  transfer: 'Chuyển khoản',
  given: 'Khách đưa',
  typeGiven: 'Bấm số tiền khách đưa',
  missing: (amount: string) => `Còn thiếu ${amount}`,
  changeWillBe: (amount: string) => `Thối lại ${amount}`,
  record: 'Ghi đơn',
  recording: 'Đang ghi…',
  askImplausible: (amount: string) => `Khách đưa ${amount}, đúng không?`,
  askImplausibleMore: 'Số này lớn hơn mười lần tiền hàng.',
  yesRight: 'Đúng, ghi đơn',
  noFix: 'Sửa lại số',
  keypad: 'Bàn phím số',
  backspace: 'Xóa một số',
  clear: 'Xóa hết',

  // recorded
  recorded: 'Đã ghi',
  change: 'Thối lại',
  noChange: 'Không phải thối tiền',
  paidByTransfer: 'Khách đã chuyển khoản',
  newSale: 'Đơn mới',
  print: 'In',
  notRecordedTitle: 'Máy KHÔNG ghi được đơn.',
  notRecordedDo: 'Viết giấy, gọi ban tổ chức.',
  notRecordedAmount: (amount: string) => `Đơn này ${amount}.`,
  tryAgain: 'Thử ghi lại',

  // receipt
  receipt: 'Phiếu',
  booth: 'Gian hàng',
  cash: 'Tiền mặt',
  paid: 'Đã trả',
  qrOf: (number: string) => `Mã QR của phiếu ${number}`,

  // list
  sales: 'Đơn',
  salesToday: 'Đơn hôm nay',
  noSales: 'Hôm nay chưa có đơn nào.',
  noSalesDo: 'Bán món đầu tiên, đơn sẽ hiện ở đây.',
  sent: 'Đã gửi',
  notSent: 'Chờ gửi',
  keptAside: 'Ban tổ chức xem lại',
  sumToday: (sales: number, refunds: number, amount: string) =>
    `${n(sales)} đơn${refunds === 0 ? '' : `, ${n(refunds)} phiếu trả`}, ${amount}`,
  openReceipt: 'Xem',
  showMore: 'Xem thêm',

  // more
  moreTitle: 'Thêm',
  appearance: 'Màn hình',
  themeLight: 'Trong nhà',
  themeSun: 'Ngoài nắng',
  sunHint: 'Nhớ tăng độ sáng màn hình lên hết cỡ.',
  hand: 'Tay thuận',
  handRight: 'Tay phải',
  handLeft: 'Tay trái',
  sound: 'Tiếng bấm',
  on: 'Bật',
  off: 'Tắt',
  language: 'Ngôn ngữ',
  seller: 'Người bán',
  signOut: 'Đăng xuất',
  signOutAsk: 'Đăng xuất? Cần có mạng để đăng nhập lại.',
  unpair: 'Ngừng ghép máy',
  unpairAsk: 'Ngừng ghép? Máy sẽ không bán được cho tới khi ghép lại.',
  yesSignOut: 'Đăng xuất',
  yesUnpair: 'Ngừng ghép',
  keep: 'Thôi, giữ nguyên',
  waitFirst: (count: number) => `Còn ${n(count)} mục chờ gửi. Mang máy lại gần bàn tổ chức.`,
  unpairNeedsNet: 'Cần có mạng để ngừng ghép. Thử lại khi có mạng.',
  thisTablet: 'Máy này',
  letter: 'Chữ của máy',
  version: 'Bản',
  storageSafe: 'Trình duyệt đã hứa giữ đơn lâu dài.',
  storageUnsafe: 'Trình duyệt chưa hứa giữ đơn lâu. Cài lên màn hình chính.',
  startsOffline: 'Mở được cả khi mất mạng.',
  noOfflineStart: 'Máy này chưa mở được khi mất mạng. Đừng đóng trang này.',
  noOfflineStartDo: 'Có mạng thì tải lại. Vẫn thế, gọi ban tổ chức.',
  priceListVersion: (version: number) => `Bảng giá số ${n(version)}`,
  saveWaiting: 'Lưu đơn chờ ra tệp',
  saveWaitingHint: 'Khi máy hỏng, đưa tệp này cho ban tổ chức.',

  // stopped
  stoppedRevoked: 'Máy này đã bị ngừng ghép. Ngừng bán, gọi ban tổ chức.',
  stoppedUnknown: 'Máy chủ không nhận ra máy này. Ngừng bán, gọi ban tổ chức.',
  stoppedSafe: (count: number) =>
    count === 0 ? 'Mọi thứ đã gửi xong.' : `${n(count)} mục vẫn giữ trong máy, máy tự gửi tiếp.`,
  stoppedKept: 'Mọi đơn vẫn giữ trong máy. Lưu ra tệp, rồi ghép lại.',
  saveAll: 'Lưu mọi đơn ra tệp',
  savedToFile: (count: number) => `Đã lưu ${n(count)} mục ra tệp. Đưa tệp cho ban tổ chức.`,
  saveFirst: (count: number) => `Còn ${n(count)} mục chưa lưu. Lưu ra tệp rồi ghép lại.`,
  keptFromBefore: (count: number) => `${n(count)} mục lần ghép trước vẫn giữ trong máy, máy tự gửi.`,
  pairAgain: 'Ghép lại máy',

  ...sellVi,
  ...countVi,
  ...payVi,
  paper: paperVi,
}

/** The English catalogue must have the same keys; tsc names what is missing. */
export type Words = Shape<typeof vi>
