"""Numbered notes of goods: taken in, given back, carried elsewhere and received, written off."""
