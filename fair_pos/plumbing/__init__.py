"""Input and output shared by the features; knows no feature."""
