"""Movements of goods by place and owner, and the balance they add up to."""
