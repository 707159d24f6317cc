"""The score log of a contest: every act that can move its result becomes a leaf, in the same transaction as the act.

Leaves, tree, checkpoints and receipts are those of `domain/ledger`; here they meet the database and the notary.
"""
