"""What a buyer takes along: the page behind the QR, the paper, and the page of a product and its maker."""
