"""Producers («chủ thể»), places before and after the 2025 merger, and OCOP recognition with its dates."""
