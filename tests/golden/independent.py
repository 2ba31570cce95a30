"""Every figure of a fair again, in plain SQL over what came: the tablets' commands as text, and the taps of the gates' phones.

Nothing here reads a running figure, a stored sale or a rule of ours. Of the tables it uses only what is no figure: `received` (the
text of every command), `gate_entry` (what a phone said), `paper_tally` and `visitor_correction` (what a person signed), and the
names of booths, makers and goods. The two databases read JSON and clocks in their own words; the rest is the same text for both.

Two things a reader should know of the fairs these are used on (fair.py, random_fair.py): goods that were not paid in cash are
of one producer on each receipt, and a sale has at most one transfer. So no amount has to be shared, and SQL stays plain.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import text

from fair_pos.plumbing.db import dialect_of, reading

EPOCH = date(1970, 1, 1).toordinal()

WORDS = {
    "sqlite": {
        "said": "received.text",
        "lines": "json_each(received.text, '$.lines') AS item",
        "payments": "json_each(received.text, '$.payments') AS item",
        "number": "item.key + 1",
        "ms_of": "CAST(ROUND((julianday({}) - 2440587.5) * 86400000) AS INTEGER)",
        "ms_column": "CAST(ROUND((julianday({}) - 2440587.5) * 86400000) AS INTEGER)",
        "day_of": "CAST(julianday({}) - 2440587.5 AS INTEGER)",
        "least": "MIN",
        "true": "'1', 'true'",
    },
    "postgresql": {
        "said": "CAST(received.text AS json)",
        "lines": "json_array_elements(CAST(received.text AS json) -> 'lines') WITH ORDINALITY AS item(value, place)",
        "payments": "json_array_elements(CAST(received.text AS json) -> 'payments') WITH ORDINALITY AS item(value, place)",
        "number": "item.place",
        "ms_of": "CAST(EXTRACT(EPOCH FROM CAST({} AS timestamptz)) * 1000 AS bigint)",
        "ms_column": "CAST(EXTRACT(EPOCH FROM {}) * 1000 AS bigint)",
        "day_of": "({} - DATE '1970-01-01')",
        "least": "LEAST",
        "true": "'1', 'true'",
    },
}

# When it was: the tablet's clock put right by its offset. A clock that says «before the pairing» or «after the arrival», by more
# than five minutes, is not believed, and then it was when it arrived. Milliseconds since 1970, on the wall clock of Vietnam.
HEARD = """
    heard AS (
        SELECT received.id, device.booth_id, {said} ->> 'kind' AS kind,
               {device_ms} + CAST({said} ->> 'clock_offset_ms' AS BIGINT) AS claimed,
               {arrived_ms} AS arrived, {paired_ms} AS paired
        FROM received JOIN device ON device.id = received.device_id
        JOIN booth ON booth.id = device.booth_id AND booth.edition_id = :edition
    ),
    moment AS (
        SELECT id, booth_id, kind,
               CASE WHEN claimed < paired - 300000 OR claimed > arrived + 300000 THEN arrived ELSE claimed END + 25200000 AS local_ms
        FROM heard
    ),
    placed AS (
        SELECT moment.id, booth_id, kind, (local_ms - 14400000) / 86400000 AS day, local_ms % 86400000 / 3600000 AS hour,
               {said} ->> 'purpose' AS purpose, COALESCE({said} ->> 'borne_by', '') AS borne_by
        FROM moment JOIN received ON received.id = moment.id
    )"""

# Goods go to the producer that the catalogue names; only of goods it does not know is the tablet believed.
LINE = """
    line AS (
        SELECT received.id, {number} AS line_no, item.value ->> 'product_id' AS product_id,
               COALESCE(product.producer_id, item.value ->> 'producer_id') AS producer_id,
               CAST(item.value ->> 'amount_dong' AS BIGINT) AS amount,
               CASE WHEN item.value ->> 'grams' IS NULL
                    THEN CAST(item.value ->> 'quantity' AS BIGINT) * CAST(item.value ->> 'unit_price_dong' AS BIGINT)
                    ELSE (CAST(item.value ->> 'grams' AS BIGINT) * CAST(item.value ->> 'unit_price_dong' AS BIGINT) + 500) / 1000 END AS worth,
               COALESCE(CAST(item.value ->> 'discount_dong' AS BIGINT), 0) AS discount,
               COALESCE(item.value ->> 'discount_borne_by', '') AS bearer,
               COALESCE(CAST(item.value ->> 'grams' AS BIGINT), 0) AS grams, item.value ->> 'name' AS name,
               CASE WHEN item.value ->> 'grams' IS NOT NULL THEN 0
                    ELSE CAST(item.value ->> 'quantity' AS BIGINT) * COALESCE(CAST(item.value ->> 'pack_size' AS BIGINT), 1) END AS pieces
        FROM received JOIN placed ON placed.id = received.id, {lines}
        LEFT JOIN product ON product.id = item.value ->> 'product_id'
        WHERE placed.kind IN ('sale', 'refund', 'giveaway')
    )"""

RECEIPT = """
    receipt AS (
        SELECT placed.id, placed.booth_id, placed.kind, placed.day, placed.hour, {said} ->> 'receipt_number' AS number,
               COALESCE(CAST({said} ->> 'rounding_dong' AS BIGINT), 0) AS rounding,
               {said} ->> 'refund_of' AS refund_of,
               (SELECT SUM(amount) FROM line WHERE line.id = placed.id)
                   + COALESCE(CAST({said} ->> 'rounding_dong' AS BIGINT), 0) AS total,
               (SELECT MIN(producer_id) FROM line WHERE line.id = placed.id) AS producer_id
        FROM placed JOIN received ON received.id = placed.id WHERE placed.kind IN ('sale', 'refund')
    )"""

# A transfer is confirmed when somebody has seen the money; what is paid back by transfer of a confirmed one is confirmed too.
PAID = """
    seen AS (SELECT {said} ->> 'sale_id' AS sale_id FROM received WHERE {said} ->> 'kind' = 'transfer_seen'),
    paid AS (
        SELECT receipt.id, receipt.booth_id, receipt.producer_id, receipt.day, receipt.hour, item.value ->> 'method' AS method,
               COALESCE(item.value ->> 'account_id', '') AS account_id,
               CASE WHEN receipt.kind = 'sale' THEN 1 ELSE -1 END * CAST(item.value ->> 'amount_dong' AS BIGINT) AS amount,
               CASE WHEN COALESCE(receipt.refund_of, receipt.id) IN (SELECT sale_id FROM seen) THEN 1 ELSE 0 END AS is_seen
        FROM receipt JOIN received ON received.id = receipt.id, {payments}
    )"""

RECEIPTS_BY = """
    SELECT {by}, SUM(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END), SUM(CASE WHEN kind = 'refund' THEN 1 ELSE 0 END),
           SUM(CASE WHEN kind = 'sale' THEN total ELSE 0 END), SUM(CASE WHEN kind = 'refund' THEN total ELSE 0 END),
           SUM(CASE WHEN kind = 'sale' THEN rounding ELSE 0 END), SUM(CASE WHEN kind = 'refund' THEN rounding ELSE 0 END)
    FROM receipt JOIN booth ON booth.id = receipt.booth_id
    WHERE (CAST(:day AS INTEGER) IS NULL OR receipt.day = :day) GROUP BY 1"""

GOODS_BY = """
    SELECT {by}, SUM(CASE WHEN receipt.kind = 'sale' THEN pieces ELSE 0 END), SUM(CASE WHEN receipt.kind = 'refund' THEN pieces ELSE 0 END),
           SUM(CASE WHEN receipt.kind = 'sale' THEN grams ELSE 0 END), SUM(CASE WHEN receipt.kind = 'refund' THEN grams ELSE 0 END),
           SUM(CASE WHEN receipt.kind = 'sale' THEN amount ELSE 0 END), SUM(CASE WHEN receipt.kind = 'refund' THEN amount ELSE 0 END),
           COUNT(DISTINCT CASE WHEN receipt.kind = 'sale' THEN receipt.id END), COUNT(DISTINCT CASE WHEN receipt.kind = 'refund' THEN receipt.id END)
    FROM line JOIN receipt ON receipt.id = line.id JOIN booth ON booth.id = receipt.booth_id
    LEFT JOIN product ON product.id = line.product_id LEFT JOIN producer ON producer.id = line.producer_id
    WHERE (CAST(:day AS INTEGER) IS NULL OR receipt.day = :day) GROUP BY 1"""

MONEY_BY = """
    SELECT {by}, SUM(CASE WHEN method = 'cash' THEN amount ELSE 0 END),
           SUM(CASE WHEN method = 'transfer' AND is_seen = 1 THEN amount ELSE 0 END),
           SUM(CASE WHEN method = 'transfer' AND is_seen = 0 THEN amount ELSE 0 END),
           SUM(CASE WHEN method = 'card' THEN amount ELSE 0 END)
    FROM paid JOIN booth ON booth.id = paid.booth_id LEFT JOIN producer ON producer.id = paid.producer_id
    WHERE (CAST(:day AS INTEGER) IS NULL OR paid.day = :day) GROUP BY 1"""

METHODS = """
    SELECT method, SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END), SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END)
    FROM paid WHERE (CAST(:day AS INTEGER) IS NULL OR day = :day) GROUP BY 1"""

DISCOUNTS_BY = """
    SELECT {by}, SUM(CASE WHEN kind = 'sale' THEN discount ELSE 0 END), SUM(CASE WHEN kind = 'refund' THEN discount ELSE 0 END)
    FROM line JOIN receipt ON receipt.id = line.id
    WHERE discount <> 0 AND (CAST(:day AS INTEGER) IS NULL OR receipt.day = :day) GROUP BY 1"""

# How many receipts have anything taken off, and how many were paid in cash, with what came in and went out.
DISCOUNTED = """
    SELECT 0, SUM(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END), SUM(CASE WHEN kind = 'refund' THEN 1 ELSE 0 END)
    FROM receipt WHERE (CAST(:day AS INTEGER) IS NULL OR day = :day)
    AND EXISTS (SELECT 1 FROM line WHERE line.id = receipt.id AND line.discount <> 0)"""

CASH = """
    SELECT 0, COUNT(DISTINCT id), SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END), SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END)
    FROM paid WHERE method = 'cash'"""

GIVEN_BY = """
    SELECT {by}, COUNT(DISTINCT placed.id), SUM(pieces), SUM(grams), SUM(worth)
    FROM line JOIN placed ON placed.id = line.id JOIN received ON received.id = placed.id
    WHERE placed.kind = 'giveaway' AND (CAST(:day AS INTEGER) IS NULL OR placed.day = :day) GROUP BY 1"""

# The star a product held on the fair day itself: of the newest certificate that was in force; «none» without one, «unknown» of
# goods that no catalogue knows.
STAR = """
    CASE WHEN product.id IS NULL THEN 'unknown' ELSE COALESCE((
        SELECT CAST(stars AS CHAR(1)) FROM certificate WHERE certificate.product_id = line.product_id
        AND {issued} <= receipt.day AND {expires} >= receipt.day ORDER BY issued_day DESC LIMIT 1), 'none') END"""

# --- the gates -------------------------------------------------------------------------------------------------------

# An undo takes back the tap it names, once, and only on its own phone. It is told by id; the tap's own hour loses the people.
TAPS = """
    tapped AS (
        SELECT gate_entry.id, gate_entry.gate_id, gate_entry.direction, gate_entry.kind,
               CASE WHEN EXISTS (SELECT 1 FROM gate_entry AS undo WHERE undo.kind = 'undo' AND undo.undoes_id = gate_entry.id
                                 AND undo.device_id = gate_entry.device_id)
                    THEN 0 ELSE gate_entry.people END AS people,
               {tap_ms} + gate_entry.clock_offset_ms AS claimed, {tap_arrived_ms} AS arrived, {tap_paired_ms} AS paired
        FROM gate_entry JOIN gate ON gate.id = gate_entry.gate_id AND gate.edition_id = :edition
        JOIN gate_device ON gate_device.id = gate_entry.device_id
        WHERE gate_entry.kind IN ('tap', 'group')
    ),
    tap_moment AS (
        SELECT gate_id, direction, kind, people,
               CASE WHEN claimed < paired - 300000 OR claimed > arrived + 300000 THEN arrived ELSE claimed END + 25200000 AS local_ms
        FROM tapped
    ),
    tally AS (
        SELECT gate_id, fair_day, hour, people_in, people_out,
               ROW_NUMBER() OVER (PARTITION BY gate_id, fair_day, hour ORDER BY at DESC, id DESC) AS back
        FROM paper_tally
    ),
    passed AS (
        SELECT gate_id, (local_ms - 14400000) / 86400000 AS day, local_ms % 86400000 / 3600000 AS hour,
               (local_ms - 14400000) % 86400000 / 60000 AS minute, 'tap' AS source,
               CASE WHEN direction = 'in' THEN people ELSE 0 END AS people_in,
               CASE WHEN direction = 'out' THEN people ELSE 0 END AS people_out,
               CASE WHEN direction = 'in' AND kind = 'group' THEN people ELSE 0 END AS group_in
        FROM tap_moment
        UNION ALL
        SELECT tally.gate_id, {tally_day}, hour, (hour * 60 + 1259) % 1440, 'paper', people_in, people_out, 0
        FROM tally JOIN gate ON gate.id = tally.gate_id AND gate.edition_id = :edition WHERE back = 1
        UNION ALL
        SELECT visitor_correction.gate_id, {correction_day}, hour, (hour * 60 + 1259) % 1440, 'correction',
               CASE WHEN direction = 'in' THEN people ELSE 0 END, CASE WHEN direction = 'out' THEN people ELSE 0 END, 0
        FROM visitor_correction JOIN gate ON gate.id = visitor_correction.gate_id AND gate.edition_id = :edition
    )"""

VISITORS_BY = """
    SELECT {by}, SUM(people_in), SUM(people_out), SUM(group_in) FROM passed
    WHERE (CAST(:day AS INTEGER) IS NULL OR day = :day) GROUP BY 1"""

PEAK = """
    , by_minute AS (SELECT minute, SUM(people_in - people_out) AS more FROM passed WHERE day = :day GROUP BY minute)
    SELECT 0, MAX(inside) FROM (SELECT SUM(more) OVER (ORDER BY minute) AS inside FROM by_minute) AS running"""


class Independent:
    """The figures of one edition; keys are as the texts above give them, days as numbers since 1970."""

    def __init__(self, app: Flask, edition_id: str) -> None:
        self._app, self._edition_id = app, edition_id
        self._known: dict[tuple[str, date | None], dict[Any, tuple[int, ...]]] = {}
        """What was asked before: the commands do not change while pages are compared with them."""
        with app.app_context():
            self._words = dict(WORDS[dialect_of(reading())])

    def _run(self, parts: tuple[str, ...], select: str, day: date | None, by: str = "") -> dict[Any, tuple[int, ...]]:
        words, own = self._words, self._words["ms_column"].format
        filled = words | {
            "device_ms": words["ms_of"].format(f"{words['said']} ->> 'device_at'"),
            "arrived_ms": own("received.received_at"),
            "paired_ms": own("device.paired_at"),
            "tap_ms": own("gate_entry.device_at"),
            "tap_arrived_ms": own("gate_entry.received_at"),
            "tap_paired_ms": own("gate_device.paired_at"),
            "tally_day": words["day_of"].format("fair_day"),
            "correction_day": words["day_of"].format("fair_day"),
        }
        if by == "star":
            by = STAR.format(issued=words["day_of"].format("issued_day"), expires=words["day_of"].format("expires_day"))
        statement = "WITH " + ",".join(part.format(**filled) for part in parts) + select.format(by=by, **filled)
        if (statement, day) in self._known:
            return self._known[statement, day]
        asked = {"edition": self._edition_id, "day": None if day is None else day.toordinal() - EPOCH}
        bound = text(statement).bindparams(**{name: value for name, value in asked.items() if f":{name}" in statement})
        with self._app.app_context():  # one for each question: a page is asked in a context of its own
            found = {row[0]: tuple(int(one or 0) for one in row[1:]) for row in reading().execute(bound)}
        self._known[statement, day] = found
        return found

    def receipts_by(self, by: str, day: date | None = None) -> dict[Any, tuple[int, ...]]:
        """key → (sales, refunds, sold, given back, rounding of sales, rounding of refunds); `by` e.g. «receipt.hour», «booth.zone»."""
        return self._run((HEARD, LINE, RECEIPT), RECEIPTS_BY, day, by)

    def goods_by(self, by: str, day: date | None = None) -> dict[Any, tuple[int, ...]]:
        """key → (pieces sold, given back, grams sold, given back, đồng sold, given back, sales, refunds); «star» is worked out here."""
        return self._run((HEARD, LINE, RECEIPT), GOODS_BY, day, by)

    def money_by(self, by: str, day: date | None = None) -> dict[Any, tuple[int, ...]]:
        """key → (cash, transfers confirmed, claimed, card), each less what was paid out."""
        return self._run((HEARD, LINE, RECEIPT, PAID), MONEY_BY, day, by)

    def methods(self, day: date | None = None) -> dict[Any, tuple[int, ...]]:
        """method → (received, paid out)."""
        return self._run((HEARD, LINE, RECEIPT, PAID), METHODS, day)

    def discounts_by(self, by: str, day: date | None = None) -> dict[Any, tuple[int, ...]]:
        """key → (taken off, taken back)."""
        return self._run((HEARD, LINE, RECEIPT), DISCOUNTS_BY, day, by)

    def discounted(self, day: date | None = None) -> tuple[int, ...]:
        """(sales, refunds) with a discount on any line."""
        return self._run((HEARD, LINE, RECEIPT), DISCOUNTED, day)[0]

    def cash_receipts(self) -> tuple[int, ...]:
        """(receipts, đồng in, đồng out) of whatever was paid in cash."""
        return self._run((HEARD, LINE, RECEIPT, PAID), CASH, None)[0]

    def given_by(self, by: str, day: date | None = None) -> dict[Any, tuple[int, ...]]:
        """key → (giveaways, pieces, grams, worth)."""
        return self._run((HEARD, LINE), GIVEN_BY, day, by)

    def visitors_by(self, by: str, day: date | None = None) -> dict[Any, tuple[int, ...]]:
        """key → (in, out, of those in groups in); `by` e.g. «hour», «gate_id», «source»."""
        return self._run((TAPS,), VISITORS_BY, day, by)

    def peak(self, day: date) -> int:
        """The most that were inside at once."""
        return max(self._run((TAPS,), PEAK, day)[0][0], 0)


def day_number(day: date) -> int:
    """A day as the texts above count it."""
    return day.toordinal() - EPOCH
