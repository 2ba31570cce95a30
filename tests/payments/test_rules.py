"""What a transfer counts as, and where a line of the bank belongs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fair_pos.payments.rules import (
    Asked,
    Linked,
    PaidBack,
    bank_name,
    banks,
    codes_in,
    confirmed_dong,
    judge_line,
    masked,
    plain_memo,
    read_account_number,
    split_paid_back,
    state_of,
)

MONEY = st.integers(1, 10**9)


def test_banks_by_their_bin() -> None:
    assert len(banks()) == 58
    assert (bank_name("970436"), bank_name("970406"), bank_name("970414"), bank_name("970449")) == (
        "Vietcombank",
        "Vikki Bank",
        "MBV",
        "LPBank",
    )
    assert bank_name("000000") == "000000"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0011 0123 45678", "0011012345678"),
        ("001.1012-345678", "0011012345678"),
        ("vqrq0001", "VQRQ0001"),
        ("", None),
        ("1" * 20, None),
        ("12/34", None),
        ("số 5", None),
    ],
)
def test_account_numbers(text: str, number: str | None) -> None:
    assert read_account_number(text) == number


def test_screens_show_the_last_digits() -> None:
    assert masked("0011012345678") == "•••• 678"


@pytest.mark.parametrize(
    ("received", "seen", "state", "confirmed"),
    [
        (0, False, "claimed", 0),
        (0, True, "confirmed", 100),
        (100, False, "confirmed", 100),
        (100, True, "confirmed", 100),
        (80, False, "underpaid", 80),
        (80, True, "underpaid", 80),
        (120, False, "overpaid", 100),
    ],
)
def test_what_a_transfer_counts_as(received: int, seen: bool, state: str, confirmed: int) -> None:
    assert state_of(100, received, seen=seen) == state
    assert confirmed_dong(100, received, seen=seen) == confirmed


@given(MONEY, st.integers(0, 10**9), st.booleans())
def test_confirmed_and_claimed_make_the_amount(amount: int, received: int, seen: bool) -> None:
    assert 0 <= confirmed_dong(amount, received, seen=seen) <= amount


def test_undoing_a_sale_whose_money_never_came_leaves_nothing_claimed() -> None:
    back = [PaidBack("r", 1, 100)]
    assert split_paid_back(100, 0, back) == [(back[0], 0, 100)]
    assert split_paid_back(100, 80, back) == [(back[0], 80, 20)]
    assert split_paid_back(100, 100, back) == [(back[0], 100, 0)]
    assert split_paid_back(0, 0, back) == [(back[0], 100, 0)]  # paid in cash, given back by transfer


@given(MONEY, st.integers(0, 100), st.lists(MONEY, max_size=6))
def test_what_is_paid_back_is_split_without_loss(asked: int, percent: int, amounts: list[int]) -> None:
    received = asked * percent // 100
    shares = split_paid_back(asked, received, [PaidBack(str(at), 1, one) for at, one in enumerate(amounts)])
    assert [confirmed + claimed for _, confirmed, claimed in shares] == amounts
    assert sum(claimed for _, _, claimed in shares) <= asked - received


@pytest.mark.parametrize(
    ("memo", "code"),
    [
        ("OCP7K3Q9X2", "OCP7K3Q9X2"),
        ("ocp7k3q9x2 mua mat ong", "OCP7K3Q9X2"),
        ("MBVCB.7311.OCP7K3Q9X2.CT tu 0123 NGUYEN VAN A", "OCP7K3Q9X2"),
        ("thanh toan OCP 7K3 Q9X2", "OCP7K3Q9X2"),
        ("OCP7K3Q\nX29M", "OCP7K3QX29"),
        ("QR OCPOCP7K3Q9X2", "OCP7K3Q9X2"),
    ],
)
def test_codes_are_found_anywhere(memo: str, code: str) -> None:
    assert code in codes_in(memo)


@pytest.mark.parametrize("memo", ["", "tien hang", "OCP 123", "OCPILOUILOU", "O C P"])
def test_memos_without_a_code(memo: str) -> None:
    assert codes_in(memo) == []


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=7, max_size=10), st.text(max_size=40), st.text(max_size=40))
def test_no_text_around_a_code_hides_it(letters: str, before: str, after: str) -> None:
    assert f"OCP{letters}" in codes_in(f"{before}OCP{letters}{after}")


def test_a_memo_in_one_piece() -> None:
    assert plain_memo("ct. ocp-7k3 / Đ") == "CTOCP7K3"


ONE = Asked("s1", 1, "OCP0000001", 100, 0, "123", cancelled=False)


def verdict(
    amount: int = 100,
    *,
    source: str = "statement",
    account: str = "123",
    codes: tuple[str, ...] = ("OCP0000001",),
    ours: bool = True,
    asked: tuple[Asked, ...] = (ONE,),
    linked: tuple[Linked, ...] = (),
) -> str:
    return judge_line(source, account, amount, codes=codes, ours=ours, asked=asked, linked=linked).state


def received(amount: int, *, cancelled: bool = False, account: str | None = "123") -> Asked:
    return Asked("s1", 1, "OCP0000001", 100, amount, account, cancelled=cancelled)


def test_where_a_line_belongs() -> None:
    assert verdict() == "confirmed"
    assert verdict(99) == "underpaid"
    assert verdict(101) == "overpaid"
    assert verdict(codes=()) == "no_code"
    assert verdict(asked=()) == "code_unknown"
    assert verdict(asked=(ONE, Asked("s2", 1, "OCP0000002", 5, 0, None, cancelled=False))) == "several"
    assert verdict(account="999") == "other_account"
    assert verdict(asked=(received(0, account=None),), account="999") == "confirmed"
    assert verdict(ours=False) == "account_unknown"
    assert verdict(asked=(received(0, cancelled=True),)) == "cancelled"


def test_the_rest_may_come_later_but_no_second_time() -> None:
    assert verdict(20, asked=(received(80),), linked=(Linked("statement", 80),)) == "confirmed"
    assert verdict(10, asked=(received(80),), linked=(Linked("statement", 80),)) == "underpaid"
    assert verdict(30, asked=(received(80),), linked=(Linked("statement", 80),)) == "twice"
    assert verdict(100, asked=(received(100),), linked=(Linked("statement", 100),)) == "twice"


def test_each_source_tells_the_same_money_once() -> None:
    hook, own = Linked("sepay", 100), Linked("statement", 100)
    assert verdict(asked=(received(100),), linked=(hook,)) == "same"
    assert verdict(asked=(received(100),), linked=(hook, own)) == "twice"
    assert verdict(asked=(received(100),), linked=(hook, hook, own)) == "same"
    assert verdict(source="casso", asked=(received(100),), linked=(hook, own)) == "same"
    assert verdict(asked=(received(0, cancelled=True),), linked=(hook,)) == "same"
