// Every kind of fact that a tablet writes.
import type {
  CashMovedCommand,
  GiveawayCommand,
  ReceiptCopiedCommand,
  RefundCommand,
  SaleCommand,
  StockCountedCommand,
  TillClosedCommand,
  TillOpenedCommand,
  TransferSeenCommand,
} from '../wire.gen'

export type AnyCommand =
  | SaleCommand
  | RefundCommand
  | GiveawayCommand
  | TillOpenedCommand
  | CashMovedCommand
  | TillClosedCommand
  | TransferSeenCommand
  | ReceiptCopiedCommand
  | StockCountedCommand
