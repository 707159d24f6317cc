"""The score log, pure: leaves, tree, checkpoints, tiles, receipts, bundles and the recount; no database, no network.

Signed notes, checkpoints, tiles and receipts follow C2SP (signed-note, tlog-checkpoint, tlog-tiles, tlog-proof); the
tree is that of RFC 6962, canonical JSON that of RFC 8785, signatures are Ed25519 (RFC 8032). Only what a leaf holds is
this product's own: `contest-log@v1`.
"""
