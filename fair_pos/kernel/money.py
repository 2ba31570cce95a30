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
