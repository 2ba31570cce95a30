"""Price tags and shelf labels with a QR, as PDF at true scale: from a roll and on A4 sheets."""
