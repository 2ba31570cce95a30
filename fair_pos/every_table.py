"""All tables of all features, for migrations and the tests that compare them with the models."""

from __future__ import annotations

from fair_pos.board import tables as board_tables
from fair_pos.cash import tables as cash_tables
from fair_pos.catalogue import tables as catalogue_tables
from fair_pos.consignment import tables as consignment_tables
from fair_pos.cooperative import tables as cooperative_tables
from fair_pos.daysheet import tables as daysheet_tables
from fair_pos.floorplan import tables as floorplan_tables
from fair_pos.journal import tables as journal_tables
from fair_pos.payments import tables as payments_tables
from fair_pos.people import tables as people_tables
from fair_pos.plumbing.db import Base
from fair_pos.portal import tables as portal_tables
from fair_pos.printing import tables as printing_tables
from fair_pos.published import tables as published_tables
from fair_pos.registry import tables as registry_tables
from fair_pos.sales import tables as sales_tables
from fair_pos.settlement import tables as settlement_tables
from fair_pos.showroom import tables as showroom_tables
from fair_pos.stock import tables as stock_tables
from fair_pos.stocktaking import tables as stocktaking_tables
from fair_pos.terms import tables as terms_tables
from fair_pos.till import tables as till_tables
from fair_pos.venues import tables as venues_tables
from fair_pos.visitors import tables as visitors_tables

FEATURES = (
    board_tables,
    cash_tables,
    catalogue_tables,
    daysheet_tables,
    floorplan_tables,
    journal_tables,
    payments_tables,
    people_tables,
    portal_tables,
    printing_tables,
    published_tables,
    registry_tables,
    sales_tables,
    stock_tables,
    consignment_tables,
    cooperative_tables,
    settlement_tables,
    showroom_tables,
    stocktaking_tables,
    terms_tables,
    till_tables,
    venues_tables,
    visitors_tables,
)
metadata = Base.metadata
