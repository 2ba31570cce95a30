"""Whole đồng: sharing without loss, and writing as people write it."""

from __future__ import annotations

from collections.abc import Sequence


def share_by_largest_remainder(total_dong: int, weights: Sequence[int]) -> list[int]:
    """Split `total_dong` in proportion to `weights` so that the parts add up to it exactly.

    Each part gets its whole quotient; the đồng left over go one by one to the largest remainders, ties to the earlier
    part. A negative total is split as its positive twin, so that a refund undoes exactly what the sale shared.

    >>> share_by_largest_remainder(100, [1, 1, 1])
    [34, 33, 33]
    """
    weight_sum = sum(weights)
    if weight_sum <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative and must not all be zero")
    if total_dong < 0:
        return [-part for part in share_by_largest_remainder(-total_dong, weights)]
    parts, remainders = [], []
    for weight in weights:
        quotient, remainder = divmod(total_dong * weight, weight_sum)
        parts.append(quotient)
        remainders.append(remainder)
    left_over = total_dong - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[:left_over]:
        parts[index] += 1
    return parts


def group_thousands(number: int) -> str:
    """1234567 → «1.234.567» (Vietnamese grouping, Decree 254/2026 annex: dot for thousands)."""
    return f"{number:,}".replace(",", ".")


def format_dong(amount_dong: int) -> str:
    """1234567 → «1.234.567 ₫», with a no-break space so that the sign never stands alone on the next line."""
    return f"{group_thousands(amount_dong)}\u00a0₫"


def with_true_minus(written: str) -> str:
    """«-5.000 ₫» → «−5.000 ₫» (U+2212), for people to read: a hyphen is short, and a line may break after it."""
    return written.replace("-", "\u2212")


def average_dong(total_dong: int, count: int) -> int:
    """The average rounded half up to the đồng; 0 when there is nothing to average."""
    if count <= 0:
        return 0
    return (2 * total_dong + count) // (2 * count)


def percent_of_dong(amount_dong: int, percent: int) -> int:
    """A whole percentage of an amount, rounded half up."""
    return (2 * amount_dong * percent + 100) // 200


def spread_discount(total_dong: int, grosses: Sequence[int], rooms: Sequence[int]) -> list[int]:
    """Share a discount over lines by largest remainder on their gross, no share larger than its room (what the line still costs).

    What a full line cannot take goes to the others by the same rule; what no line can take is given to nobody.

    >>> spread_discount(100, [100, 300], [10, 300])
    [10, 90]
    """
    given, left = [0] * len(grosses), total_dong
    open_lines = [at for at, room in enumerate(rooms) if room > 0]
    while left > 0 and open_lines:
        parts = share_by_largest_remainder(left, [grosses[at] for at in open_lines])
        full = [at for at, part in zip(open_lines, parts, strict=True) if part > rooms[at]]
        if not full:
            for at, part in zip(open_lines, parts, strict=True):
                given[at] = part
            break
        for at in full:
            given[at] = rooms[at]
            left -= rooms[at]
        open_lines = [at for at in open_lines if at not in full]
    return given


def cash_rounding_dong(total_dong: int, step_dong: int) -> int:
    """What is added to a total paid in cash alone so that it is a multiple of `step_dong`, half up; 0 when the step is 0.

    >>> cash_rounding_dong(21_850, 1000), cash_rounding_dong(21_400, 1000), cash_rounding_dong(21_850, 500)
    (150, -400, 150)
    """
    if step_dong <= 0:
        return 0
    return (2 * total_dong + step_dong) // (2 * step_dong) * step_dong - total_dong
