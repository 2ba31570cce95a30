"""The demo fair: OCOP goods from public sources, made-up sign-ins, and sample sales made the way a tablet makes them."""
