"""Tables of consignment."""
