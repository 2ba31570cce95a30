"""Why a till's request is turned down. Its commands never are."""

from __future__ import annotations

from fair_pos.kernel.refusal import Refusal


class PairingCodeUnknown(Refusal):
    """Wrong, used or expired: the three are not told apart."""

    code = "pairing_code_unknown"


class MayNotSellHere(Refusal):
    """The person has no role that sells at this booth."""

    code = "may_not_sell_here"


class DeviceUnknown(Refusal):
    """No device holds this secret."""

    code = "device_unknown"
    status = 401


class DeviceRevoked(Refusal):
    """The device was unpaired; it may still hand in what it holds."""

    code = "device_revoked"
    status = 401


class SalesWaiting(Refusal):
    """The tablet still holds `waiting` commands."""

    code = "sales_waiting"


class WaitingFileUnreadable(Refusal):
    """Not a file that a tablet saved with «Lưu đơn chờ ra tệp»."""

    code = "waiting_file_unreadable"
