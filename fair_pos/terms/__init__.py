"""What was agreed with the owners of consigned goods: how money is split, what fees they owe, where they are paid."""
